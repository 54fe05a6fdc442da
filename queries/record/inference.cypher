/*
title: What rests on inference
question: Which claims, dates and sources does no text state outright, and by which rule are they inferred?
category: Record
params:
  - {name: rule, type: text, label: Rule (all without one), required: false}
  - {name: part, type: choice, label: What is inferred, choices: [what is said, when it was, when it was published, who passed it on], required: false}
  - {name: about, type: entity, label: About (leaves out the sources), required: false}
columns:
  - {name: rule, type: text}
  - {name: part, type: text}
  - {name: what, type: text}
  - {name: date, type: date}
  - {name: status, type: text}
  - {name: said_by, type: list}
  - {name: claim, type: claim}
  - {name: source, type: source}
  - {name: evidence, type: evidence}
view: table
scan: true
example: {}
expect:
  count: 208
  rows:
    - [after_meeting_before_report, what is said, "Measures on 1,398 flagged accounts: taken on between 10 Feb 2021 and 12 Feb 2021", "[2021-02-10..2021-02-12]", inferred, [], acted-on-taken-on-2021-02-10-2021-02-12-4c992691d5, null, [a14]]
    - [after_meeting_before_report, what is said, "Government statement after the meeting: said on between 10 Feb 2021 and 12 Feb 2021", "[2021-02-10..2021-02-12]", inferred, [], obey-immediately-said-on-2021-02-10-2021-02-12-8cec680c92, null, [a23]]
    - [after_meeting_before_report, what is said, "Report by The Times of India: said on between 10 Feb 2021 and 12 Feb 2021", "[2021-02-10..2021-02-12]", inferred, [], toi-story-said-on-2021-02-10-2021-02-12-a6029949f9, null, [a12]]
    - [after_meeting_before_report, when it was, "Measures on 1,398 flagged accounts was applied to Flagged accounts acted on (1,398)", "[2021-02-10..2021-02-12]", reported, [The Times of India], acted-on-applied-to-acted-on-accounts-0971b8d72f, null, [a02, a11, b03, b07]]
    - [after_meeting_before_report, when it was, "Measures on 1,398 flagged accounts came after Objection to Twitter's non-compliance", "[2021-02-10..2021-02-12]", reported, [], acted-on-followed-government-objection-c883baaceb, null, [a08]]
    - [after_meeting_before_report, when it was, "Measures on 1,398 flagged accounts came after Rebuke to Twitter for non-compliance", "[2021-02-10..2021-02-12]", reported, [], acted-on-followed-government-rebuke-c0faf5e719, null, [b02, b03]]
    - [after_meeting_before_report, when it was, "Measures on 1,398 flagged accounts came after Meeting of IT secretary and Twitter", "[2021-02-10..2021-02-12]", reported, [], acted-on-followed-meeting-91541af8af, null, [a14, b10]]
    - [after_meeting_before_report, when it was, "Measures on 1,398 flagged accounts came after Threat of penal action", "[2021-02-10..2021-02-12]", reported, [], acted-on-followed-penal-threat-ed7757e546, null, [a08, a09]]
    - [after_meeting_before_report, when it was, "Measures on 1,398 flagged accounts came after Reduced visibility of tweets", "[2021-02-10..2021-02-12]", inferred, [], acted-on-followed-reduced-visibility-6fe74cfe26, null, [a15, a16]]
    - [after_meeting_before_report, when it was, "Measures on 1,398 flagged accounts came after Permanent suspension of over 500", "[2021-02-10..2021-02-12]", reported, [], acted-on-followed-suspended-ee270eecb5, null, [a15, a17, b17]]
*/
CALL () {
  // A claim that passages support by inference. Its status says if others report it outright.
  MATCH (c:Claim)
  WHERE c.case = $case AND ($about IS NULL OR c.subject = $about OR c.object = $about)
  MATCH (c)<-[s:SUPPORTS]-(p:Passage) WHERE s.status = 'inferred'
  WITH c, s.rule AS rule, p, s.said_by AS speaker_id
  OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
  WITH c, rule, p, speaker ORDER BY p.id
  WITH c, rule, collect(DISTINCT speaker.caption) AS said_by, collect(DISTINCT p.id) AS evidence
  RETURN rule, 1 AS rank, 'what is said' AS part,
         c.sentence AS what,
         CASE c.unit WHEN 'edtf' THEN c.value END AS date,
         c.strongest AS status, said_by, c.id AS claim, null AS source, evidence
UNION ALL
  // A claim whose day is inferred. (The rule before_report gives no day, only a last one.)
  MATCH (c:Claim)
  WHERE c.case = $case AND c.when_basis = 'inferred'
    AND ($about IS NULL OR c.subject = $about OR c.object = $about)
  MATCH (c)<-[s:SUPPORTS]-(p:Passage)
  WITH c, p, s.said_by AS speaker_id
  OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
  WITH c, p, speaker ORDER BY p.id
  WITH c, collect(DISTINCT speaker.caption) AS said_by, collect(DISTINCT p.id) AS evidence
  RETURN c.when_rule AS rule, 2 AS rank, 'when it was' AS part, c.sentence AS what, c.when AS date,
         c.strongest AS status, said_by, c.id AS claim, null AS source, evidence
UNION ALL
  // A source whose day is inferred: the passages that tell of it, or those in it that word a date.
  MATCH (src:Source)
  WHERE src.case = $case AND src.published_basis = 'inferred' AND $about IS NULL
  OPTIONAL MATCH (src)<-[r:RELAYS]-(:Record)
  WITH src, r ORDER BY r.evidence
  WITH src, collect(r.evidence) AS told
  OPTIONAL MATCH (src)<-[:FROM]-(p:Passage)
  OPTIONAL MATCH (p)-[s:SUPPORTS]->(c:Claim) WHERE c.unit = 'edtf' AND s.as_worded IS NOT NULL
  WITH src, told, p, c ORDER BY p.id
  WITH src, told, collect(p.id) AS all, collect(CASE WHEN c IS NOT NULL THEN p.id END) AS dated
  UNWIND CASE WHEN size(told + dated) > 0 THEN told + dated ELSE all END AS passage
  WITH src, passage ORDER BY passage
  WITH src, collect(DISTINCT passage) AS evidence
  RETURN src.published_rule AS rule, 3 AS rank, 'when it was published' AS part,
         src.caption + ' was published' AS what, src.published_on AS date, 'inferred' AS status,
         [] AS said_by, null AS claim, src.id AS source, evidence
UNION ALL
  MATCH (original:Source) WHERE original.case = $case AND $about IS NULL
  MATCH (original)<-[r:RELAYS]-(from:Record) WHERE r.status = 'inferred'
  WITH original, r, from, coalesce(from.source, from.id) AS source_id
  MATCH (src:Record {id: source_id})
  RETURN r.rule AS rule, 4 AS rank, 'who passed it on' AS part,
         src.caption + ' passes on ' + original.caption AS what, null AS date, r.status AS status,
         [] AS said_by, null AS claim, original.id AS source, [coalesce(r.evidence, from.id)] AS evidence
}
WITH rule, rank, part, what, date, status, said_by, claim, source, evidence
WHERE ($rule IS NULL OR rule = $rule) AND ($part IS NULL OR part = $part)
RETURN rule, part, what, date, status, said_by, claim, source, evidence
ORDER BY rule, rank, coalesce(claim, source), evidence[0]
