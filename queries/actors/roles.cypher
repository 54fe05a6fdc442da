/*
title: Who holds which role
question: Who holds which role, at which body, and as of when?
category: Actors
params:
  - {name: person, type: entity, label: Person, required: false}
  - {name: body, type: entity, label: At, required: false}
columns:
  - {name: person, type: entity}
  - {name: person_name, type: text}
  - {name: role, type: text}
  - {name: body, type: entity}
  - {name: body_name, type: text}
  - {name: as_of, type: text}
  - {name: as_of_known, type: text}
  - {name: as_worded, type: list}
  - {name: sources, type: list}
  - {name: said_by, type: text}
  - {name: status, type: text}
  - {name: rule, type: text}
  - {name: evidence, type: evidence}
view: graph
example: {}
expect:
  count: 6
  rows:
    - [sawhney, Ajay Prakash Sawhney, IT secretary, meity, Ministry of Electronics and IT (MeitY), "2021-02-10", "inferred: weekday_before_report", [IT secretary], [Article A, Article B], null, inferred, role_implies_body, [a14, b10]]
    - [dorsey, Jack Dorsey, CEO, twitter, Twitter, "[2021-02-10..2021-02-16]", "inferred: as_of_report", [Twitter CEO], [Article B], null, reported, null, [b01]]
    - [baker, Jim Baker, executive, twitter, Twitter, "2021-02-10", "inferred: weekday_before_report", [Twitter executives], [Article A], null, reported, null, [a14]]
    - [meche, Monique Meche, executive, twitter, Twitter, "2021-02-10", "inferred: weekday_before_report", [Twitter executives], [Article A], null, reported, null, [a14]]
    - [prasad, Ravi Shankar Prasad, Union IT and communications minister, government-of-india, Government of India, "2021-02-11", "inferred: weekday_before_report", [Union IT and communications minister], [Article A], null, inferred, role_implies_body, [a27]]
    - [prasad, Ravi Shankar Prasad, Union IT and communications minister, meity, Ministry of Electronics and IT (MeitY), "2021-02-11", "inferred: weekday_before_report", [Union IT and communications minister], [Article A], null, inferred, role_implies_body, [a27]]
*/
MATCH (c:Claim)
WHERE c.case = $case AND c.predicate = 'HOLDS_ROLE' AND c.polarity = 'affirmative'
  AND ($person IS NULL OR c.subject = $person) AND ($body IS NULL OR c.object = $body)
WITH c, c.subject AS person_id, c.object AS body_id
MATCH (who:Entity {id: person_id})
MATCH (at:Entity {id: body_id})
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(src:Source)
WITH c, who, at, s, p, src, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
WITH c, who, at, s, p, src, speaker ORDER BY p.id
WITH c, who, at, speaker.caption AS said_by, s.status AS status, s.rule AS rule,
  collect(DISTINCT s.as_worded) AS as_worded, collect(DISTINCT src.caption) AS sources,
  collect(DISTINCT p.id) AS evidence
// A source that calls somebody by a title tells of the day it speaks of, not of before or after.
RETURN who.id AS person, who.caption AS person_name, c.title AS role, at.id AS body,
  at.caption AS body_name, c.seen_on AS as_of,
  coalesce(c.when_basis, 'not said') + coalesce(': ' + c.when_rule, '') AS as_of_known,
  as_worded, sources, said_by, status, rule, evidence
ORDER BY person_name, person, role, body, status DESC, coalesce(said_by, ''), coalesce(rule, ''),
  evidence[0]
