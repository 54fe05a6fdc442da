/*
title: Who attended which meeting
question: Who was at which meeting, according to whom, and which of them does a source leave unnamed?
category: Meetings
params:
  - {name: meeting, type: entity, label: Meeting, required: false}
  - {name: attendee, type: entity, label: Who took part, required: false}
columns:
  - {name: meeting, type: entity}
  - {name: meeting_name, type: text}
  - {name: held_on, type: text}
  - {name: held_known, type: list}
  - {name: attendee, type: entity}
  - {name: attendee_name, type: text}
  - {name: part, type: text}
  - {name: as_worded, type: list}
  - {name: according_to, type: list}
  - {name: said_by, type: text}
  - {name: status, type: text}
  - {name: rule, type: text}
  - {name: evidence, type: evidence}
  - {name: held_evidence, type: evidence}
view: table
example: {}
expect:
  count: 6
  rows:
    - [meeting, Meeting of IT secretary and Twitter, "2021-02-10", ["2021-02-10, inferred: same_meeting_same_weekday", "2021-02-10, inferred: weekday_before_report"], sawhney, Ajay Prakash Sawhney, took part, [], [Article A, Article B], null, reported, null, [a14, b10], [a14, b10]]
    - [meeting, Meeting of IT secretary and Twitter, "2021-02-10", ["2021-02-10, inferred: same_meeting_same_weekday", "2021-02-10, inferred: weekday_before_report"], baker, Jim Baker, took part, [], [Article A], null, reported, null, [a14], [a14, b10]]
    - [meeting, Meeting of IT secretary and Twitter, "2021-02-10", ["2021-02-10, inferred: same_meeting_same_weekday", "2021-02-10, inferred: weekday_before_report"], meche, Monique Meche, took part, [], [Article A], null, reported, null, [a14], [a14, b10]]
    - [meeting, Meeting of IT secretary and Twitter, "2021-02-10", ["2021-02-10, inferred: same_meeting_same_weekday", "2021-02-10, inferred: weekday_before_report"], twitter-executives, Twitter executives at the meeting, "took part, unnamed", [top executives], [Article B], null, reported, null, [b10], [a14, b10]]
    - [meeting, Meeting of IT secretary and Twitter, "2021-02-10", ["2021-02-10, inferred: same_meeting_same_weekday", "2021-02-10, inferred: weekday_before_report"], baker, Jim Baker, "one of: Twitter executives at the meeting", [], [Article A, Article B], null, inferred, same_meeting_same_side, [a14, b10], [a14, b10]]
    - [meeting, Meeting of IT secretary and Twitter, "2021-02-10", ["2021-02-10, inferred: same_meeting_same_weekday", "2021-02-10, inferred: weekday_before_report"], meche, Monique Meche, "one of: Twitter executives at the meeting", [], [Article A, Article B], null, inferred, same_meeting_same_side, [a14, b10], [a14, b10]]
*/
MATCH (c:Claim)
WHERE c.case = $case AND c.predicate = 'ATTENDED' AND c.polarity = 'affirmative'
  AND ($meeting IS NULL OR c.object = $meeting)
WITH c, c.object AS meeting_id, c.subject AS attendee_id
// Who took part, and, if that is a group, who is taken to be one of it.
CALL (c, attendee_id) {
  RETURN c AS said, attendee_id AS who, null AS group_id
  UNION ALL
  MATCH (member:Claim {object: attendee_id})
  WHERE member.predicate = 'MEMBER_OF' AND member.polarity = 'affirmative'
  RETURN member AS said, member.subject AS who, attendee_id AS group_id
}
WITH said, who, group_id, meeting_id
WHERE $attendee IS NULL OR who = $attendee
MATCH (m:Entity {id: meeting_id})
MATCH (e:Entity {id: who})
OPTIONAL MATCH (g:Entity {id: coalesce(group_id, '')})
WITH said, meeting_id, m.caption AS meeting_name, m.held_on AS held_on, e.id AS attendee,
  e.caption AS attendee_name, g IS NOT NULL AS member, e:Group AS unnamed,
  CASE
    WHEN g IS NOT NULL THEN 'one of: ' + g.caption
    WHEN e:Group THEN 'took part, unnamed'
    ELSE 'took part'
  END AS part
// Row by row, and with no more at hand than the answer needs: a register has very many rows.
CALL (said) {
  MATCH (said)<-[s:SUPPORTS]-(p:Passage)
  MATCH (p)-[:FROM]->(src:Source)
  WITH s, p, src, s.said_by AS speaker_id
  OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
  WITH s, p, src, speaker.caption AS said_by ORDER BY p.id
  RETURN said_by, s.status AS status, s.rule AS rule, collect(DISTINCT p.id) AS evidence,
    collect(DISTINCT src.caption) AS according_to, collect(DISTINCT s.as_worded) AS as_worded
}
// The day, and how it is known.
CALL (meeting_id) {
  OPTIONAL MATCH (day:Claim {subject: coalesce(meeting_id, '')})<-[d:SUPPORTS]-(:Passage)
  WHERE day.measure = 'held_on' AND day.polarity = 'affirmative'
  WITH day.value + ', ' + d.status + coalesce(': ' + d.rule, '') AS known ORDER BY known
  RETURN collect(DISTINCT known) AS held_known
}
CALL (meeting_id) {
  OPTIONAL MATCH (day:Claim {subject: coalesce(meeting_id, '')})<-[:SUPPORTS]-(dp:Passage)
  WHERE day.measure = 'held_on' AND day.polarity = 'affirmative'
  WITH dp.id AS passage ORDER BY passage
  RETURN collect(DISTINCT passage) AS held_evidence
}
RETURN meeting_id AS meeting, meeting_name, held_on, held_known, attendee, attendee_name, part,
  as_worded, according_to, said_by, status, rule, evidence, held_evidence
ORDER BY meeting, member, unnamed, attendee_name, attendee, part, status DESC, coalesce(said_by, ''),
  coalesce(rule, ''), evidence[0]
