/*
title: What followed a meeting
question: What came after the meeting within so many days? After it in time, not because of it.
category: Time
params:
  - {name: meeting, type: entity, label: Meeting (all without one), required: false}
  - {name: days, type: int, label: Within how many days, default: 2}
columns:
  - {name: meeting, type: entity}
  - {name: held_on, type: date}
  - {name: entity, type: entity}
  - {name: caption, type: text}
  - {name: kind, type: text}
  - {name: date, type: date}
  - {name: date_status, type: text}
  - {name: rule, type: list}
  - {name: within, type: text}
  - {name: order, type: text}
  - {name: evidence, type: evidence}
view: timeline
example: {days: 2}
expect:
  count: 5
  rows:
    - [meeting, 2021-02-10, twitter-report, Twitter's report on its measures, statement, 2021-02-10, inferred, [weekday_before_report], possible, "same day, order not said", [a14, a15, b10]]
    - [meeting, 2021-02-10, acted-on, "Measures on 1,398 flagged accounts", measure, "[2021-02-10..2021-02-12]", inferred, [after_meeting_before_report], certain, said to come after, [a14, b10]]
    - [meeting, 2021-02-10, obey-immediately, Government statement after the meeting, statement, "[2021-02-10..2021-02-12]", inferred, [after_meeting_before_report], certain, said to come after, [a14, a23, b10]]
    - [meeting, 2021-02-10, toi-story, Report by The Times of India, statement, "[2021-02-10..2021-02-12]", inferred, [after_meeting_before_report], certain, from the same day on, [a12, a14, b10]]
    - [meeting, 2021-02-10, prasad-remark, Prasad's remark in the Rajya Sabha, statement, 2021-02-11, inferred, [weekday_before_report], certain, later by its date, [a14, a27, b10]]
*/
// Everything dated (of an undated entity no number of days can be told), by the month in which it
// begins, so that a meeting is held against a few months and not against all there is.
MATCH (d:Claim)
WHERE d.case = $case AND d.kind = 'figure' AND d.unit = 'edtf' AND d.polarity = 'affirmative'
  AND d.measure IN ['said_on', 'taken_on', 'happened_on', 'held_on', 'issued_on']
WITH left(d.earliest, 7) AS month, collect({claim: d, earliest: d.earliest}) AS dated
WITH collect({month: month, dated: dated}) AS months
MATCH (m:Meeting) WHERE m.case = $case AND ($meeting IS NULL OR m.id = $meeting)
WITH months, m, m.id AS meeting_id, m.held_on AS held_on
// The day of the meeting as its claim has it: `held_on` is the case's choice where sources differ.
MATCH (day:Claim {subject: meeting_id})
WHERE day.measure = 'held_on' AND day.unit = 'edtf' AND day.value = held_on
  AND day.polarity = 'affirmative' AND day.latest < '9999-12-31'
WITH months, m, meeting_id, day, day.earliest AS first, day.latest AS last
WITH months, m, meeting_id, day, first, last,
     toString(date(first) + duration({days: $days})) AS certainly,
     toString(date(last) + duration({days: $days})) AS possibly
CALL (meeting_id) {
  OPTIONAL MATCH (f:Claim {object: coalesce(meeting_id, '')})
  WHERE f.predicate = 'FOLLOWED' AND f.polarity = 'affirmative'
  RETURN collect({claim: f, entity: f.subject}) AS followed
}
// What begins between the day of the meeting and the last of the days. A date that begins before the
// meeting may lie before it: such an entity needs to be said to follow.
CALL (months, followed, first, possibly) {
  UNWIND months AS one
  WITH one, first, possibly WHERE left(first, 7) <= one.month AND one.month <= left(possibly, 7)
  UNWIND one.dated AS found
  WITH found, first, possibly WHERE first <= found.earliest AND found.earliest <= possibly
  RETURN found.claim AS d
  UNION ALL
  UNWIND followed AS one
  WITH DISTINCT one.entity AS entity_id, first
  MATCH (d:Claim {subject: coalesce(entity_id, '')})
  WHERE d.kind = 'figure' AND d.unit = 'edtf' AND d.polarity = 'affirmative'
    AND d.measure IN ['said_on', 'taken_on', 'happened_on', 'held_on', 'issued_on']
    AND d.earliest < first AND d.latest >= first
  RETURN d
}
WITH m, day, certainly, followed, d, d.subject AS entity_id
MATCH (x:Entity {id: entity_id})
WHERE x.id <> m.id AND NOT coalesce(x.planned, false)
  AND d.value = coalesce(x.said_on, x.taken_on, x.happened_on, x.held_on, x.issued_on)
  // What was said at the meeting did not follow it.
  AND NOT EXISTS { (x)-[:MADE_AT]->(m) }
WITH m, day, certainly, d, x, [one IN followed WHERE one.entity = entity_id | one.claim] AS after
UNWIND CASE WHEN size(after) > 0 THEN after ELSE [null] END AS f
CALL (day, d, f) {
  UNWIND [c IN [day, d, f] WHERE c IS NOT NULL] AS c
  MATCH (c)<-[s:SUPPORTS]-(p:Passage)
  WITH p.id AS passage, CASE WHEN c.id = d.id THEN s.rule END AS how ORDER BY passage, how
  RETURN collect(DISTINCT how) AS rule, collect(DISTINCT passage) AS evidence
}
// What is put in order has no more in it than the answer needs: there may be very many rows.
WITH m.id AS meeting, day.value AS held_on, x.id AS entity, x.caption AS caption,
     CASE WHEN x:Statement THEN 'statement' WHEN x:Action THEN 'measure' WHEN x:Order THEN 'order'
          WHEN x:Meeting THEN 'meeting' ELSE 'event' END AS kind,
     d.value AS date, d.strongest AS date_status, rule,
     // What may have come before it on its very day is no more than possible.
     CASE WHEN f IS NULL AND d.latest <= day.latest THEN 'possible'
          WHEN d.latest <= certainly THEN 'certain' ELSE 'possible' END AS within,
     CASE WHEN f IS NOT NULL AND f.strongest = 'reported' THEN 'said to come after'
          WHEN f IS NOT NULL THEN 'said to come after (' + f.strongest + ')'
          WHEN d.earliest > day.latest THEN 'later by its date'
          WHEN d.latest <= day.latest THEN 'same day, order not said'
          ELSE 'from the same day on' END AS order,
     evidence, d.earliest AS begins, d.latest AS ends
RETURN meeting, held_on, entity, caption, kind, date, date_status, rule, within, order, evidence
ORDER BY meeting, begins, ends, entity
