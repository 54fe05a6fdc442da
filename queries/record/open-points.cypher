/*
title: What the sources leave open
question: What do the sources leave open, and which passages raise it?
category: Record
params:
  - {name: about, type: entity, label: About, required: false}
  - {name: kind, type: choice, label: Kind of open point, required: false, choices: [possibly the same, how many, overlap, not accounted for, kind of measure, carried out, people unnamed, only mentioned, undated order, speaker, source unnamed, undated source]}
columns:
  - {name: kind, type: text}
  - {name: question, type: text}
  - {name: about, type: entity}
  - {name: source, type: source}
  - {name: others, type: list}
  - {name: status, type: text}
  - {name: rule, type: list}
  - {name: said_by, type: list}
  - {name: evidence, type: evidence}
view: table
scan: true
example: {}
expect:
  count: 26
  rows:
    - [possibly the same, "Are “Rebuke to Twitter for non-compliance” and “Objection to Twitter's non-compliance” the same? No source says so.", government-rebuke, null, [Objection to Twitter's non-compliance], inferred, [same_content_may_be_same], [], [a08, b02]]
    - [possibly the same, "Are “Emergency order on the hashtag” and “First account order (257 accounts)” the same? No source says so.", order-emergency, null, [First account order (257 accounts)], inferred, [may_be_one_of_the_two], [], [b12]]
    - [possibly the same, "Are “Emergency order on the hashtag” and “Second account order (1,178 accounts)” the same? No source says so.", order-emergency, null, ["Second account order (1,178 accounts)"], inferred, [may_be_one_of_the_two], [], [b12]]
    - [possibly the same, "Are “Twitter's confirmation of its measures” and “Twitter's report on its measures” the same? No source says so.", twitter-confirmation, null, [Twitter's report on its measures], inferred, [same_content_may_be_same], [], [a17, b17]]
    - [possibly the same, "Are “Twitter leadership” and “Twitter executives at the meeting” the same? No source says so.", twitter-leadership, null, [Twitter executives at the meeting], inferred, [same_words_same_hearers], [], [a24, b11]]
    - [how many, "What is the size of “Flagged accounts withheld (a portion)”? No source gives a number.", withheld-accounts, null, [], reported, [orders_are_the_two], [Twitter], [a18, b18]]
    - [overlap, "How far do “Flagged accounts acted on (1,398)” overlap with the others? No source says, so no sum may cross them.", acted-on-accounts, null, [Accounts of activists, Accounts of journalists, Accounts of news media entities, Accounts of politicians, Accounts suspended (over 500), Flagged accounts withheld (a portion)], reported, [], [The Times of India, Twitter], [a02, a11, a17, a18, b03, b07, b17, b18, b21]]
    - [overlap, "How far do “Accounts of activists” overlap with the others? No source says, so no sum may cross them.", activist-accounts, null, ["Flagged accounts acted on (1,398)", "Accounts flagged in two orders (1,435)", Accounts of journalists, Accounts of news media entities, Accounts of politicians, Accounts suspended (over 500)], reported, [], [The Times of India, Twitter], [a02, a11, a17, b03, b07, b17, b21]]
    - [overlap, "How far do “Accounts of journalists” overlap with the others? No source says, so no sum may cross them.", journalist-accounts, null, ["Flagged accounts acted on (1,398)", Accounts of activists, "Accounts flagged in two orders (1,435)", Accounts of news media entities, Accounts of politicians, Accounts suspended (over 500)], reported, [], [The Times of India, Twitter], [a02, a11, a17, b03, b07, b17, b21]]
    - [overlap, "How far do “Accounts of news media entities” overlap with the others? No source says, so no sum may cross them.", news-media-accounts, null, ["Flagged accounts acted on (1,398)", Accounts of activists, "Accounts flagged in two orders (1,435)", Accounts of journalists, Accounts of politicians, Accounts suspended (over 500)], reported, [], [The Times of India, Twitter], [a02, a11, a17, b03, b07, b17, b21]]
*/
// Each part finds one kind of gap: what it is about, and the claims (of a source: the passages) that
// raise it. What those stand on is looked up once, at the end.
CALL () {
  MATCH (c:Claim)
  WHERE c.case = $case AND c.predicate = 'SAME_AS' AND c.certainty = 'possible'
    AND c.polarity = 'affirmative'
  WITH c, c.subject AS one_id, c.object AS other_id
  MATCH (x:Entity {id: one_id})
  MATCH (y:Entity {id: other_id})
  RETURN 1 AS rank, 'possibly the same' AS kind, x.id AS about, null AS source, [c.id] AS claims,
         'Are “' + x.caption + '” and “' + y.caption + '” the same? No source says so.' AS question,
         [y.caption] AS others, [] AS told
UNION ALL
  MATCH (c:Claim)
  WHERE c.case = $case AND c.kind = 'figure' AND c.comparator = 'unknown'
  WITH c, c.subject AS subject_id
  MATCH (x:Entity {id: subject_id})
  RETURN 2 AS rank, 'how many' AS kind, x.id AS about, null AS source, [c.id] AS claims,
         'What is the ' + replace(c.measure, '_', ' ') + ' of “' + x.caption
           + '”? No source gives a number.' AS question,
         [] AS others, [] AS told
UNION ALL
  // A group that a measure reached or spared, beside the others and beside what others are part of.
  // What one measure reached and what it spared is not the same, by the word of whoever took it.
  MATCH (g:Group) WHERE g.case = $case
  MATCH (g)<-[r:APPLIED_TO|SPARED]-(:Action)
  WITH g, r ORDER BY r.claim
  WITH g, collect(r.claim) AS mine
  MATCH (o:Group)
  WHERE o.case = $case AND o.of = g.of AND o.id <> g.id
    AND (EXISTS { (o)<-[:APPLIED_TO|SPARED]-(:Action) } OR EXISTS { (o)<-[:SUBSET_OF]-(:Group) })
    AND NOT EXISTS { (g)-[:SUBSET_OF|DISJOINT_FROM]-(o) }
    AND NOT EXISTS { (g)<-[:APPLIED_TO]-(:Action)-[:SPARED]->(o) }
    AND NOT EXISTS { (g)<-[:SPARED]-(:Action)-[:APPLIED_TO]->(o) }
  OPTIONAL MATCH (o)<-[q:APPLIED_TO|SPARED]-(:Action)
  WITH g, mine, o, q ORDER BY o.id, q.claim
  WITH g, mine, collect(DISTINCT o.caption) AS others, collect(q.claim) AS theirs
  RETURN 3 AS rank, 'overlap' AS kind, g.id AS about, null AS source, mine + theirs AS claims,
         'How far do “' + g.caption
           + '” overlap with the others? No source says, so no sum may cross them.' AS question,
         others, [] AS told
UNION ALL
  // Two exact counts, of a group that a measure reached and of the whole it is part of.
  MATCH (part:Claim)
  WHERE part.case = $case AND part.measure = 'size' AND part.comparator = '='
  WITH part, part.subject AS part_id
  MATCH (g:Entity {id: part_id})
  WHERE EXISTS { (g)<-[:APPLIED_TO]-(:Action) }
  MATCH (g)-[:SUBSET_OF]->(w:Group)
  WITH part, g, w, w.id AS whole_id
  MATCH (whole:Claim {subject: whole_id})
  WHERE whole.measure = 'size' AND whole.comparator = '=' AND whole.unit = part.unit
    AND whole.number > part.number
  RETURN 4 AS rank, 'not accounted for' AS kind, w.id AS about, null AS source,
         [part.id, whole.id] AS claims,
         'What became of the ' + toString(toInteger(whole.number - part.number)) + ' of “'
           + w.caption + '” that are not reported as acted on? No source says.' AS question,
         [g.caption] AS others, [] AS told
UNION ALL
  MATCH (x:Action)
  WHERE x.case = $case AND x.kind = 'unspecified' AND NOT coalesce(x.planned, false)
  WITH x, x.id AS action_id
  MATCH (c:Claim {subject: action_id})
  WHERE c.measure = 'called' OR c.predicate = 'APPLIED_TO'
  WITH x, c ORDER BY c.id
  WITH x, collect(c.id) AS claims, collect(CASE c.measure WHEN 'called' THEN c.value END) AS others
  RETURN 5 AS rank, 'kind of measure' AS kind, x.id AS about, null AS source, claims,
         'What exactly were “' + x.caption + '”? The sources use different words.' AS question,
         others, [] AS told
UNION ALL
  MATCH (x:Action)
  WHERE x.case = $case AND x.planned AND NOT EXISTS { (x)<-[:TOOK]-(:Entity) }
  WITH x, x.id AS action_id
  MATCH (c:Claim {object: action_id})
  WITH x, c ORDER BY c.id
  WITH x, collect(c.id) AS claims
  RETURN 6 AS rank, 'carried out' AS kind, x.id AS about, null AS source, claims,
         'Was “' + x.caption + '” carried out? No source reports it.' AS question,
         [] AS others, [] AS told
UNION ALL
  MATCH (g:Group) WHERE g.case = $case AND g.of = 'people'
  MATCH (g)-[r]-(e:Entity) WHERE type(r) <> 'SAME_AS'
  WITH g, r, e ORDER BY e.id, r.claim
  WITH g, collect(r.claim) AS claims,
       collect(DISTINCT CASE type(r) WHEN 'MEMBER_OF' THEN e.caption END) AS others
  RETURN 7 AS rank, 'people unnamed' AS kind, g.id AS about, null AS source, claims,
         'Who are “' + g.caption + '”? ' + CASE size(others) WHEN 0 THEN 'Nobody is named.'
           ELSE 'Some are named elsewhere; whether there were others is not said.' END AS question,
         others, [] AS told
UNION ALL
  // Something that a source mentions without a number, date or content of its own.
  MATCH (c:Claim)
  WHERE c.case = $case AND c.measure = 'mentions'
  WITH c, c.subject AS subject_id
  MATCH (x:Entity {id: subject_id})
  RETURN 8 AS rank, 'only mentioned' AS kind, x.id AS about, null AS source, [c.id] AS claims,
         'Which “' + c.value + '” does “' + x.caption + '” mean? No source says.' AS question,
         [] AS others, [] AS told
UNION ALL
  MATCH (o:Order) WHERE o.case = $case AND o.issued_on IS NULL
  WITH o, o.id AS order_id
  MATCH (c:Claim {subject: order_id}) WHERE c.predicate IN ['ADDRESSED_TO', 'FLAGS']
  WITH o, c ORDER BY c.id
  WITH o, collect(c.id) AS claims
  RETURN 9 AS rank, 'undated order' AS kind, o.id AS about, null AS source, claims,
         'When was “' + o.caption + '” issued? No source gives a date.' AS question,
         [] AS others, [] AS told
UNION ALL
  // A quotation that no passage attributes outright.
  MATCH (c:Claim)
  WHERE c.case = $case AND c.predicate = 'MADE' AND c.strongest = 'inferred'
  MATCH (c)<-[s:SUPPORTS]-(:Passage)
  WITH c, c.subject AS speaker_id, c.object AS statement_id, s.quoted AS quoted
  WHERE quoted
  WITH DISTINCT c, speaker_id, statement_id
  MATCH (who:Entity {id: speaker_id})
  MATCH (x:Entity {id: statement_id})
  RETURN 10 AS rank, 'speaker' AS kind, x.id AS about, null AS source, [c.id] AS claims,
         'Whose words are quoted in “' + x.caption + '”? The speaker is inferred.' AS question,
         [who.caption] AS others, [] AS told
UNION ALL
  MATCH (src:Source) WHERE src.case = $case AND src.kind = 'unnamed'
  MATCH (src)<-[r:RELAYS]-(from:Record)
  WITH src, coalesce(r.evidence, from.id) AS passage ORDER BY passage
  WITH src, collect(DISTINCT passage) AS told
  RETURN 11 AS rank, 'source unnamed' AS kind, null AS about, src.id AS source, [] AS claims,
         'Who are “' + src.caption + '”? No source says.' AS question, [] AS others, told
UNION ALL
  // A source that is held without its date: the passages in it that word a date, or else all.
  MATCH (src:Source)
  WHERE src.case = $case AND coalesce(src.published_basis, 'inferred') = 'inferred'
  MATCH (src)<-[:FROM]-(p:Passage)
  OPTIONAL MATCH (p)-[s:SUPPORTS]->(c:Claim) WHERE c.unit = 'edtf' AND s.as_worded IS NOT NULL
  WITH src, p, c ORDER BY p.id
  WITH src, collect(DISTINCT p.id) AS all,
       collect(DISTINCT CASE WHEN c IS NOT NULL THEN p.id END) AS dated
  RETURN 12 AS rank, 'undated source' AS kind, null AS about, src.id AS source, [] AS claims,
         'When was “' + src.caption + '” published? It bears no date.' + coalesce(
           ' Inferred: ' + src.published_on + ', ' + src.published_rule + '.', '') AS question,
         [] AS others, CASE WHEN size(dated) > 0 THEN dated ELSE all END AS told
}
WITH rank, kind, about, source, claims, question, others, told
WHERE ($kind IS NULL OR kind = $kind) AND ($about IS NULL OR about = $about)
UNWIND CASE WHEN size(claims) > 0 THEN claims ELSE [null] END AS claim_id
OPTIONAL MATCH (c:Claim {id: coalesce(claim_id, '')})
OPTIONAL MATCH (c)<-[s:SUPPORTS]-(p:Passage)
WITH rank, kind, about, source, claims, question, others, told, s, p, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
WITH rank, kind, about, source, claims, question, others, told, s, p, speaker
ORDER BY p.id, s.rule
WITH rank, kind, about, source, claims, question, others, told, collect(DISTINCT s.status) AS found,
     collect(DISTINCT s.rule) AS rule, collect(DISTINCT speaker.caption) AS said_by,
     collect(DISTINCT p.id) AS passages
RETURN kind, question, about, source, others,
       CASE WHEN kind = 'undated source' THEN 'inferred'
            WHEN kind = 'source unnamed' OR 'reported' IN found THEN 'reported'
            WHEN 'inferred' IN found THEN 'inferred' ELSE 'alleged' END AS status,
       rule, said_by, passages + told AS evidence
ORDER BY rank, coalesce(about, source), coalesce(claims[0], '')
