/*
title: Who has not commented
question: Who is said to have made no comment, in which words, and as of when?
category: Record
params:
  - {name: who, type: entity, label: Who (all without one), required: false}
columns:
  - {name: who, type: entity}
  - {name: who_name, type: text}
  - {name: silence, type: text}
  - {name: as_worded, type: text}
  - {name: in_our_words, type: text}
  - {name: as_of, type: date}
  - {name: as_of_known, type: text}
  - {name: source, type: source}
  - {name: source_name, type: text}
  - {name: said_by, type: text}
  - {name: status, type: text}
  - {name: rule, type: text}
  - {name: claim, type: claim}
  - {name: evidence, type: evidence}
view: table
example: {}
expect:
  count: 2
  rows:
    - [twitter, Twitter, had made no statement, yet to come out with, Twitter had made no statement about it by then, 2021-02-12, "inferred: as_of_report", article-a, Article A, null, reported, null, twitter-comment-no-statement-fcf2895453, [a13]]
    - [twitter, Twitter, could not be reached for comment, not immediately available, Twitter could not be reached at once, "[2021-02-10..2021-02-16]", "inferred: as_of_report", article-b, Article B, null, reported, null, twitter-comment-unreachable-77060d2873, [b09]]
*/
MATCH (c:Claim)
WHERE c.case = $case AND c.kind = 'absence' AND c.polarity = 'affirmative'
  AND ($who IS NULL OR c.subject = $who)
WITH c, c.subject AS who_id
MATCH (x:Entity {id: who_id})
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(src:Source)
// A silence holds as of its report alone: each source's is a row of its own.
WITH c, x, s, p, src, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
RETURN x.id AS who, x.caption AS who_name,
       CASE c.value WHEN 'no_statement' THEN 'had made no statement'
                    WHEN 'unreachable' THEN 'could not be reached for comment'
                    WHEN 'declined' THEN 'declined to comment'
                    WHEN 'not_asked' THEN 'was not asked' ELSE c.value END AS silence,
       s.as_worded AS as_worded, p.gist AS in_our_words,
       c.when AS as_of, coalesce(c.when_basis, 'not said') + coalesce(': ' + c.when_rule, '') AS as_of_known,
       src.id AS source, src.caption AS source_name, speaker.caption AS said_by,
       s.status AS status, s.rule AS rule, c.id AS claim, [p.id] AS evidence
ORDER BY who, c.latest, c.earliest, source, claim, evidence[0]
