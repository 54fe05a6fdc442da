/*
title: Claims with one origin or none
question: Which claims rest on a single known origin, and which on none that is stated?
category: Record
params:
  - {name: known, type: choice, label: Known origins (both without a choice), choices: [one, none], required: false}
  - {name: about, type: entity, label: About, required: false}
  - {name: kind, type: choice, label: Kind of claim, choices: [relationship, figure, wording, ground, characterisation, absence], required: false}
columns:
  - {name: claim, type: claim}
  - {name: says, type: text}
  - {name: kind, type: text}
  - {name: status, type: text}
  - {name: said_by, type: list}
  - {name: known_origins, type: int}
  - {name: origins, type: list}
  - {name: publishers, type: int}
  - {name: not_stated, type: int}
  - {name: sources, type: list}
  - {name: evidence, type: evidence}
view: table
scan: true
example: {}
expect:
  count: 299
  rows:
    - [government-of-india-made-obey-immediately-f91d13897a, Government of India said Government statement after the meeting, relationship, reported, [], 1, [Government statement], 1, 0, [Article A], [a22, a23]]
    - [obey-immediately-about-order-first-0a37ebe4c1, Government statement after the meeting is about First account order (257 accounts), relationship, inferred, [], 1, [Government statement], 1, 0, [Article A], [a22]]
    - [obey-immediately-about-order-second-7cfaa27b4d, "Government statement after the meeting is about Second account order (1,178 accounts)", relationship, inferred, [], 1, [Government statement], 1, 0, [Article A], [a22]]
    - [obey-immediately-ground-late-execution-is-meaningless-e91661d9c3, "Government statement after the meeting: reason given, late execution is meaningless", ground, reported, [Government of India], 1, [Government statement], 1, 0, [Article A], [a22]]
    - [acted-on-accounts-called-accounts-a0ce7c9e3c, "Flagged accounts acted on (1,398) is called “accounts”", wording, reported, [The Times of India], 1, [The report's unnamed sources], 1, 0, [Article B], [b07]]
    - [acted-on-accounts-called-handles-bc9cdca9cf, "Flagged accounts acted on (1,398) is called “handles”", wording, reported, [The Times of India], 1, [The report's unnamed sources], 2, 1, [Article A, Article B], [a02, a11, b03]]
    - [acted-on-accounts-size-1398-a3490fbfdf, "Flagged accounts acted on (1,398): size 1,398 accounts", figure, reported, [The Times of India], 1, [The report's unnamed sources], 2, 0, [Article A, Article B], [a11, b07]]
    - [acted-on-accounts-subset-of-flagged-accounts-d9d8b6aeb1, "Flagged accounts acted on (1,398) is part of Accounts flagged in two orders (1,435)", relationship, reported, [The Times of India], 1, [The report's unnamed sources], 2, 0, [Article A, Article B], [a02, a11, b03, b07]]
    - [acted-on-applied-to-acted-on-accounts-0971b8d72f, "Measures on 1,398 flagged accounts was applied to Flagged accounts acted on (1,398)", relationship, reported, [The Times of India], 1, [The report's unnamed sources], 2, 0, [Article A, Article B], [a02, a11, b03, b07]]
    - [acted-on-called-blocked-c0ba085e62, "Measures on 1,398 flagged accounts is called “blocked”", wording, reported, [The Times of India], 1, [The report's unnamed sources], 1, 0, [Article B], [b03, b07]]
*/
// The numbers are counted after each load: known origins are the ends of the chains of who relays
// whom; a source that relays nobody on a claim counts under `not_stated`.
MATCH (c:Claim)
WHERE c.case = $case AND c.origins <= 1
  AND ($known IS NULL OR c.origins = CASE $known WHEN 'one' THEN 1 ELSE 0 END)
  AND ($about IS NULL OR c.subject = $about OR c.object = $about)
  AND ($kind IS NULL OR c.kind = $kind)
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(src:Source)
WITH c, p, src, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
WITH c, p, src, speaker
ORDER BY p.id
WITH c, collect(DISTINCT speaker.caption) AS said_by, collect(DISTINCT src.caption) AS sources,
     collect(DISTINCT p.id) AS evidence
WITH c, said_by, sources, evidence, c.origin_ids[0] AS origin_id
OPTIONAL MATCH (origin:Record {id: coalesce(origin_id, '')})
RETURN c.id AS claim,
       c.sentence AS says,
       c.kind AS kind, c.strongest AS status, said_by, c.origins AS known_origins,
       // Where sources relay each other in a ring, the ring is the origin and has no name of its own.
       CASE WHEN origin_id IS NULL THEN [] ELSE [coalesce(origin.caption, origin_id)] END AS origins,
       c.outlets AS publishers, c.not_stated AS not_stated, sources, evidence
ORDER BY known_origins DESC, coalesce(origin_id, ''), claim
