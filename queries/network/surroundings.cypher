/*
title: The neighbours of an entity
question: What is this joined to directly, how, and who says so?
category: Network
params:
  - {name: entity, type: entity, was: thing, label: Person or other entity}
  - {name: types, type: list, of: relationship_types, label: Only these connections, required: false}
  - {name: alleged, type: bool, label: Also what is only alleged, default: true}
  - {name: possible, type: bool, label: Also what is only possibly the same, default: true}
  - {name: until, type: date, label: Only what had begun by this day, required: false}
columns:
  - {name: relationship, type: text}
  - {name: direction, type: text}
  - {name: other, type: entity}
  - {name: caption, type: text}
  - {name: sentence, type: text}
  - {name: status, type: text}
  - {name: said_by, type: list}
  - {name: rule, type: list}
  - {name: date, type: date}
  - {name: claim, type: claim}
  - {name: evidence, type: evidence}
view: graph
example: {entity: meeting}
expect:
  count: 14
  rows:
    - [ATTENDED, in, baker, Jim Baker, Jim Baker took part in Meeting of IT secretary and Twitter, reported, [], [], 2021-02-10, baker-attended-meeting-afab487f47, [a14]]
    - [ATTENDED, in, meche, Monique Meche, Monique Meche took part in Meeting of IT secretary and Twitter, reported, [], [], 2021-02-10, meche-attended-meeting-cbdc17b824, [a14]]
    - [ATTENDED, in, sawhney, Ajay Prakash Sawhney, Ajay Prakash Sawhney took part in Meeting of IT secretary and Twitter, reported, [], [], 2021-02-10, sawhney-attended-meeting-32ad8f0b16, [a14, b10]]
    - [ATTENDED, in, twitter-executives, Twitter executives at the meeting, Twitter executives at the meeting took part in Meeting of IT secretary and Twitter, reported, [], [], 2021-02-10, twitter-executives-attended-meeting-fb8c42fd37, [b10]]
    - [DISCUSSED, out, capitol-hill-episode, Capitol Hill episode, "Meeting of IT secretary and Twitter discussed Capitol Hill episode (inferred: scene_carried_over)", inferred, [], [scene_carried_over], 2021-02-10, meeting-discussed-capitol-hill-episode-0f2961f43f, [b13]]
    - [DISCUSSED, out, order-emergency, Emergency order on the hashtag, Meeting of IT secretary and Twitter discussed Emergency order on the hashtag, reported, [], [], 2021-02-10, meeting-discussed-order-emergency-b222847b71, [b11, b12]]
    - [DISCUSSED, out, red-fort-disturbance, Red Fort disturbance, "Meeting of IT secretary and Twitter discussed Red Fort disturbance (inferred: scene_carried_over)", inferred, [], [scene_carried_over], 2021-02-10, meeting-discussed-red-fort-disturbance-7855688088, [b13]]
    - [FOLLOWED, in, acted-on, "Measures on 1,398 flagged accounts", "Measures on 1,398 flagged accounts came after Meeting of IT secretary and Twitter", reported, [], [], "[2021-02-10..2021-02-12]", acted-on-followed-meeting-91541af8af, [a14, b10]]
    - [FOLLOWED, in, obey-immediately, Government statement after the meeting, Government statement after the meeting came after Meeting of IT secretary and Twitter, reported, [], [], "[2021-02-10..2021-02-12]", obey-immediately-followed-meeting-720fa2f7e2, [a23]]
    - [MADE_AT, in, delay-complaint, "Complaint of grudging, late compliance", "Complaint of grudging, late compliance was said at Meeting of IT secretary and Twitter", reported, [], [], 2021-02-10, delay-complaint-made-at-meeting-787d885c44, [b11]]
    - [MADE_AT, in, differential-treatment, Complaint of differential treatment, "Complaint of differential treatment was said at Meeting of IT secretary and Twitter (inferred: scene_carried_over)", inferred, [], [scene_carried_over], 2021-02-10, differential-treatment-made-at-meeting-877f62d796, [b13]]
    - [MADE_AT, in, expression-limits, Free expression has limits, "Free expression has limits was said at Meeting of IT secretary and Twitter (inferred: scene_carried_over)", inferred, [], [scene_carried_over], 2021-02-10, expression-limits-made-at-meeting-487c7ea882, [b15]]
    - [MADE_AT, in, law-of-land, Call to comply with the law of the land, "Call to comply with the law of the land was said at Meeting of IT secretary and Twitter (inferred: scene_carried_over)", inferred, [], [scene_carried_over], 2021-02-10, law-of-land-made-at-meeting-76d54057a0, [b16]]
    - [MADE_AT, in, orders-binding, Lawful orders bind every business, "Lawful orders bind every business was said at Meeting of IT secretary and Twitter (inferred: scene_carried_over)", inferred, [], [scene_carried_over], 2021-02-10, orders-binding-made-at-meeting-7db1f4e8ae, [b14]]
*/
MATCH (a:Entity {id: $entity}) WHERE a.case = $case
MATCH (a)-[r]-(b:Entity)
WHERE b.case = $case
  AND ($types IS NULL OR type(r) IN $types)
  AND ($alleged OR r.status <> 'alleged')
  AND ($possible OR coalesce(r.certainty, 'certain') <> 'possible')
  AND ($until IS NULL OR r.earliest <= $until)
// No relationship joins a relationship to its claim: the relationship names it.
WITH b, type(r) AS relationship, r.status AS status, r.claim AS claim,
     CASE WHEN startNode(r) = a THEN 'out' ELSE 'in' END AS direction
MATCH (c:Claim {id: claim})
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
WITH b, relationship, status, direction, c, p, s.rule AS how, s.said_by AS speaker
OPTIONAL MATCH (who:Entity {id: coalesce(speaker, '')})
WITH b, relationship, status, direction, c, p, how, who
ORDER BY p.id
WITH b, relationship, status, direction, c, collect(DISTINCT who.caption) AS said_by,
     collect(DISTINCT how) AS rule, collect(DISTINCT p.id) AS evidence
// Status and speaker are in the sentence.
WITH b, relationship, status, direction, c, said_by, rule, evidence, c.sentence AS plain
RETURN relationship, direction, b.id AS other, b.caption AS caption,
       CASE status
         WHEN 'alleged' THEN reduce(t = '', n IN said_by |
           t + CASE t WHEN '' THEN '' ELSE ' and ' END + n) + ' says: ' + plain
         WHEN 'inferred' THEN plain + ' (inferred: ' + reduce(t = '', n IN rule |
           t + CASE t WHEN '' THEN '' ELSE ', ' END + n) + ')'
         ELSE plain END AS sentence,
       status, said_by, rule, c.when AS date, c.id AS claim, evidence
ORDER BY relationship, direction, other, claim
