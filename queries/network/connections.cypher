/*
title: How two actors are connected
question: How are these two connected, by all shortest paths, and what does each step stand on?
category: Network
procedure: paths
params:
  - {name: start, type: entity, label: From}
  - {name: end, type: entity, label: To}
  - {name: hops, type: int, label: Steps at most, default: 4}
  - {name: possible, type: bool, label: Also over what is only possibly the same, default: false}
  - {name: alleged, type: bool, label: Also over what is only alleged, default: false}
  - {name: types, type: list, of: relationship_types, label: Only these connections, required: false}
  - {name: since, type: date, label: Only what had not ended before this day, required: false}
  - {name: until, type: date, label: Only what had begun by this day, required: false}
columns:
  - {name: path, type: int}
  - {name: hop, type: int}
  - {name: from, type: entity}
  - {name: relationship, type: text}
  - {name: to, type: entity}
  - {name: claim, type: claim}
  - {name: status, type: text}
  - {name: evidence, type: evidence}
  - {name: sentence, type: text}
view: graph
example: {start: twitter, end: government-of-india, hops: 4}
expect:
  count: 12
  rows:
    - [1, 1, twitter, is spoken of in, bot-doubts, bot-doubts-about-twitter-d75d09a8f6, reported, [b23], Twitter is spoken of in Doubts over fake and bot accounts]
    - [1, 2, bot-doubts, was said by, government-of-india, government-of-india-made-bot-doubts-f15574476f, reported, [b23], Doubts over fake and bot accounts was said by Government of India]
    - [2, 1, twitter, is spoken of in, government-objection, government-objection-about-twitter-d71c90d622, reported, [a08], Twitter is spoken of in Objection to Twitter's non-compliance]
    - [2, 2, government-objection, was said by, government-of-india, government-of-india-made-government-objection-49d81d30dc, reported, [a08], Objection to Twitter's non-compliance was said by Government of India]
    - [3, 1, twitter, was the addressee of, government-rebuke, government-rebuke-addressed-to-twitter-c735ecdcfb, reported, [b02], Twitter was the addressee of Rebuke to Twitter for non-compliance]
    - [3, 2, government-rebuke, was said by, government-of-india, government-of-india-made-government-rebuke-e1840e1ed8, reported, [b02], Rebuke to Twitter for non-compliance was said by Government of India]
    - [4, 1, twitter, was the addressee of, order-emergency, order-emergency-addressed-to-twitter-d6028c7e92, inferred, [b11, b12], "Twitter was the addressee of Emergency order on the hashtag (inferred: complier_was_addressed)"]
    - [4, 2, order-emergency, was issued by, government-of-india, government-of-india-issued-order-emergency-e9ed625024, inferred, [b11, b12], "Emergency order on the hashtag was issued by Government of India (inferred: reference_resolved)"]
    - [5, 1, twitter, was the addressee of, order-first, order-first-addressed-to-twitter-b7e4e2d30c, reported, [a03, b04], Twitter was the addressee of First account order (257 accounts)]
    - [5, 2, order-first, was issued by, government-of-india, government-of-india-issued-order-first-746a0acf69, reported, [a03, a15, a20], First account order (257 accounts) was issued by Government of India]
    - [6, 1, twitter, was the addressee of, order-second, order-second-addressed-to-twitter-e1d416d379, reported, [a03, b04], "Twitter was the addressee of Second account order (1,178 accounts)"]
    - [6, 2, order-second, was issued by, government-of-india, government-of-india-issued-order-second-a5d3528f25, reported, [a03, a15, a20], "Second account order (1,178 accounts) was issued by Government of India"]
*/
// One step: all that joins what was reached to anything else. The search for paths repeats it from
// both ends. A relationship knows the strongest status of its claim, so "alleged" means: by allegation alone.
UNWIND $frontier AS id
MATCH (a:Entity {id: id})-[r]-(b:Entity)
WHERE b.case = $case
  AND ($alleged OR r.status <> 'alleged')
  AND ($possible OR coalesce(r.certainty, 'certain') <> 'possible')
  AND ($types IS NULL OR type(r) IN $types)
  AND ($since IS NULL OR r.latest >= $since)
  AND ($until IS NULL OR r.earliest <= $until)
RETURN a.id AS here, b.id AS there, type(r) AS type, startNode(r) = a AS outward,
       r.claim AS claim, r.status AS status,
       r.certainty AS certainty
