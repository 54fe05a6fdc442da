/*
title: Who said what to whom
question: Who said what to whom, where, quoted or paraphrased, and through whom?
category: Statements
params:
  - {name: speaker, type: entity, label: Speaker, required: false}
  - {name: addressee, type: entity, label: Said to, required: false}
  - {name: kind, type: choice, label: Kind, choices: [remark, demand, threat, reason, denial, publication], required: false}
columns:
  - {name: statement, type: entity}
  - {name: speaker, type: entity}
  - {name: speaker_name, type: text}
  - {name: said, type: text}
  - {name: kind, type: text}
  - {name: said_to, type: list}
  - {name: said_at, type: list}
  - {name: form, type: text}
  - {name: through, type: list}
  - {name: as_worded, type: list}
  - {name: source, type: text}
  - {name: status, type: text}
  - {name: rule, type: text}
  - {name: evidence, type: evidence}
view: table
example: {}
expect:
  count: 27
  rows:
    - [delay-complaint, sawhney, Ajay Prakash Sawhney, The secretary complains that Twitter complied reluctantly and late with most of an order, remark, [Twitter leadership], [], quoted, [], [The IT secretary], Article A, reported, null, [a24]]
    - [delay-complaint, sawhney, Ajay Prakash Sawhney, The secretary complains that Twitter complied reluctantly and late with most of an order, remark, [], [Meeting of IT secretary and Twitter], quoted, [], [the secretary], Article B, reported, null, [b11]]
    - [differential-treatment, sawhney, Ajay Prakash Sawhney, "The secretary: Twitter dealt with the Capitol Hill and the Red Fort events differently", remark, [], ["Meeting of IT secretary and Twitter (inferred: scene_carried_over)"], paraphrased, [], [], Article B, reported, null, [b13]]
    - [expression-limits, sawhney, Ajay Prakash Sawhney, "The secretary: expression is free only within reasonable restrictions", remark, ["Twitter executives at the meeting (inferred: those_at_the_meeting)"], ["Meeting of IT secretary and Twitter (inferred: scene_carried_over)"], paraphrased, [], [the secretary], Article B, reported, null, [b15]]
    - [law-of-land, sawhney, Ajay Prakash Sawhney, "The secretary: responsible companies restate and keep their obedience to the country's law", demand, ["Twitter executives at the meeting (inferred: those_at_the_meeting)"], [], quoted, [], [were told], Article A, inferred, speaker_carried_over, [a26]]
    - [law-of-land, sawhney, Ajay Prakash Sawhney, "The secretary: responsible companies restate and keep their obedience to the country's law", demand, [], ["Meeting of IT secretary and Twitter (inferred: scene_carried_over)"], paraphrased, [], [the secretary had reiterated], Article B, reported, null, [b16]]
    - [laws-supreme, sawhney, Ajay Prakash Sawhney, "The secretary: nothing in India stands above its constitution and laws", remark, [], [], paraphrased, [], [He said], Article A, inferred, speaker_carried_over, [a25]]
    - [non-negotiable, sawhney, Ajay Prakash Sawhney, "The secretary: there is nothing to bargain about in the orders", remark, [], [], quoted, [], [], Article A, reported, null, [a20]]
    - [not-enough, sawhney, Ajay Prakash Sawhney, "The secretary: what Twitter did falls well short", remark, [], [], paraphrased, [], [], Article A, reported, null, [a19]]
    - [orders-binding, sawhney, Ajay Prakash Sawhney, "The secretary: any business must follow an order that was passed lawfully", remark, [], [], paraphrased, [], [], Article A, reported, null, [a21]]
*/
MATCH (c:Claim)
WHERE c.case = $case AND c.predicate = 'MADE' AND c.polarity = 'affirmative'
  AND ($speaker IS NULL OR c.subject = $speaker)
WITH c, c.object AS id, c.subject AS speaker_id
MATCH (st:Entity {id: id}) WHERE $kind IS NULL OR st.kind = $kind
MATCH (who:Entity {id: speaker_id})
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
WITH c, st, id, who, s, p, p.source AS source_id ORDER BY p.id
WITH c, st, id, who, source_id, s.status AS status, s.rule AS rule,
  collect(s.quoted) AS quotes, collect(DISTINCT s.as_worded) AS as_worded, collect(p.id) AS found
MATCH (src:Record {id: source_id})
// To whom and where, as the same source has it: what the other adds stands in the other's row.
CALL (id, source_id) {
  OPTIONAL MATCH (d:Claim {subject: coalesce(id, '')})<-[ds:SUPPORTS]-(dp:Passage)
  WHERE d.predicate IN ['ADDRESSED_TO', 'MADE_AT'] AND d.polarity = 'affirmative'
    AND dp.source = source_id
  WITH d, ds, dp, d.object AS object_id
  OPTIONAL MATCH (e:Entity {id: coalesce(object_id, '')})
  WITH d.predicate AS predicate, object_id, dp.id AS passage, e.caption + CASE ds.status
    WHEN 'reported' THEN '' ELSE ' (' + ds.status + coalesce(': ' + ds.rule, '') + ')' END AS name
  ORDER BY name, passage
  RETURN collect(DISTINCT CASE predicate WHEN 'ADDRESSED_TO' THEN name END) AS said_to,
    collect(DISTINCT CASE predicate WHEN 'ADDRESSED_TO' THEN object_id END) AS addressees,
    collect(DISTINCT CASE predicate WHEN 'MADE_AT' THEN name END) AS said_at,
    collect(passage) AS more
}
WITH c, st, who, src, status, rule, quotes, as_worded, found, said_to, said_at, more, addressees
WHERE $addressee IS NULL OR $addressee IN addressees
// Through whom: as what it was published, what the passages pass on, and whom that goes back to.
WITH c, st, who, src, status, rule, quotes, as_worded, found, said_to, said_at, more,
  st.source AS published_id
CALL (published_id, found) {
  OPTIONAL MATCH (t:Record {id: coalesce(published_id, '')})
  RETURN t
  UNION
  UNWIND found AS passage_id
  MATCH (q:Record {id: passage_id})
  MATCH (q)-[:RELAYS]->(t:Source)
  RETURN t
}
OPTIONAL MATCH (t)-[r:RELAYS]->(first:Source)
WITH c, st, who, src, status, rule, quotes, as_worded, found, said_to, said_at, more, t, r, first
ORDER BY first.caption, first.id
WITH c, st, who, src, status, rule, quotes, as_worded, found, said_to, said_at, more, t,
  collect(first.caption) AS origins, collect(r.evidence) AS heard
WITH c, st, who, src, status, rule, quotes, as_worded, found, said_to, said_at, more, heard,
  reduce(name = t.caption, o IN origins | name + ', from: ' + o) AS medium
ORDER BY medium
WITH c, st, who, src, status, rule, quotes, as_worded, found, said_to, said_at, more,
  collect(DISTINCT medium) AS through, reduce(all = [], h IN collect(heard) | all + h) AS heard
UNWIND found + more + heard AS passage
WITH c, st, who, src, status, rule, quotes, as_worded, said_to, said_at, through, passage
ORDER BY passage
WITH c, st, who, src, status, rule, quotes, as_worded, said_to, said_at, through,
  collect(DISTINCT passage) AS evidence
RETURN st.id AS statement, who.id AS speaker, who.caption AS speaker_name, st.gist AS said,
  st.kind AS kind, said_to, said_at,
  // Quoted means in whole or in part, in this source.
  CASE WHEN any(q IN quotes WHERE q) THEN 'quoted' ELSE 'paraphrased' END AS form,
  through, as_worded, src.caption AS source, status, rule, evidence
ORDER BY speaker_name, speaker, statement, source, src.id, status DESC, coalesce(rule, ''),
  evidence[0]
