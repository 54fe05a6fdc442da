/*
title: The sequence of events
question: What happened when, how is each date known, and what is only said to have come after what?
category: Time
params:
  - {name: since, type: date, label: From, required: false}
  - {name: until, type: date, label: Until, required: false}
  - {name: undated, type: bool, label: With what no source dates, default: true}
columns:
  - {name: entity, type: entity}
  - {name: what, type: text}
  - {name: kind, type: text}
  - {name: date, type: text}
  - {name: earliest, type: date}
  - {name: latest, type: date}
  - {name: known, type: list}
  - {name: as_worded, type: list}
  - {name: sources, type: list}
  - {name: came_after, type: list}
  - {name: evidence, type: evidence}
  - {name: order_evidence, type: evidence}
view: timeline
example: {}
expect:
  count: 34
  rows:
    - [red-fort-disturbance, Red Fort disturbance, event, "2021-01-26", "2021-01-26", "2021-01-26", ["inferred: year_from_report"], [January 26], [Article B], [], [b13], []]
    - [reduced-visibility, Reduced visibility of tweets, measure, "[..2021-02-10]", null, "2021-02-10", ["inferred: before_publication"], [], [Article A], [], [a15, a16], []]
    - [suspended, Permanent suspension of over 500, measure, "[..2021-02-10]", null, "2021-02-10", ["inferred: before_publication"], [], [Article A], [], [a15, a17], []]
    - [withheld, Withholding in India of a portion, measure, "[..2021-02-10]", null, "2021-02-10", ["inferred: before_publication"], [], [Article A], [], [a15, a18], []]
    - [meeting, Meeting of IT secretary and Twitter, meeting, "2021-02-10", "2021-02-10", "2021-02-10", ["inferred: same_meeting_same_weekday", "inferred: weekday_before_report"], [on Wednesday evening], [Article A, Article B], [], [a14, b10], []]
    - [delay-complaint, "Complaint of grudging, late compliance", statement, "2021-02-10", "2021-02-10", "2021-02-10", ["inferred: said_at_the_meeting"], [], [Article B], [], [b11], []]
    - [differential-treatment, Complaint of differential treatment, statement, "2021-02-10", "2021-02-10", "2021-02-10", ["inferred: said_at_the_meeting"], [], [Article B], [], [b13], []]
    - [expression-limits, Free expression has limits, statement, "2021-02-10", "2021-02-10", "2021-02-10", ["inferred: said_at_the_meeting"], [], [Article B], [], [b15], []]
    - [law-of-land, Call to comply with the law of the land, statement, "2021-02-10", "2021-02-10", "2021-02-10", ["inferred: said_at_the_meeting"], [], [Article B], [], [b16], []]
    - [orders-binding, Lawful orders bind every business, statement, "2021-02-10", "2021-02-10", "2021-02-10", ["inferred: said_at_the_meeting"], [], [Article B], [], [b14], []]
*/
CALL {
  MATCH (e:Event) WHERE e.case = $case RETURN e, 1 AS rank, 'event' AS kind
  UNION ALL
  MATCH (e:Order) WHERE e.case = $case RETURN e, 2 AS rank, 'order' AS kind
  UNION ALL
  MATCH (e:Meeting) WHERE e.case = $case RETURN e, 3 AS rank, 'meeting' AS kind
  UNION ALL
  MATCH (e:Action) WHERE e.case = $case RETURN e, 4 AS rank, 'measure' AS kind
  UNION ALL
  MATCH (e:Statement) WHERE e.case = $case RETURN e, 5 AS rank, 'statement' AS kind
}
WITH e, e.id AS id, rank, kind
// Two sources with two dates are two rows.
OPTIONAL MATCH (d:Claim {subject: coalesce(id, '')})
WHERE d.kind = 'figure' AND d.unit = 'edtf' AND d.polarity = 'affirmative'
WITH e, id, rank, kind, d
WHERE CASE WHEN d IS NULL THEN $undated
  ELSE ($since IS NULL OR d.latest >= $since) AND ($until IS NULL OR d.earliest <= $until) END
// Evidence is what gives the date; of what has none, whatever passage tells of it (not of what it
// may be the same as).
CALL (d, id) {
  MATCH (d)<-[s:SUPPORTS]-(p:Passage)
  RETURN p, s.as_worded AS worded,
    s.status + coalesce(': ' + s.rule, '') AS known
  UNION
  UNWIND CASE WHEN d IS NULL THEN [id] ELSE [] END AS entity
  MATCH (c:Claim {subject: entity})<-[:SUPPORTS]-(p:Passage)
  WHERE coalesce(c.predicate, '') <> 'SAME_AS'
  RETURN p, null AS worded, 'no source gives a date' AS known
  UNION
  UNWIND CASE WHEN d IS NULL THEN [id] ELSE [] END AS entity
  MATCH (c:Claim {object: entity})<-[:SUPPORTS]-(p:Passage)
  WHERE coalesce(c.predicate, '') <> 'SAME_AS'
  RETURN p, null AS worded, 'no source gives a date' AS known
}
MATCH (p)-[:FROM]->(src:Source)
WITH e, id, rank, kind, d, p, src, worded,
  known + CASE WHEN d IS NULL AND e.planned THEN ': planned or threatened only' ELSE '' END AS known
ORDER BY known, p.id
WITH e, id, rank, kind, d, collect(DISTINCT known) AS known, collect(DISTINCT worded) AS as_worded,
  collect(src.caption) AS unsorted_sources, collect(p.id) AS unsorted
UNWIND range(0, size(unsorted) - 1) AS i
WITH e, id, rank, kind, d, known, as_worded, unsorted_sources[i] AS source, unsorted[i] AS passage
ORDER BY passage
WITH e, id, rank, kind, d, known, as_worded, collect(DISTINCT source) AS sources,
  collect(DISTINCT passage) AS evidence
// What it is said to have come after: order in time, never “because of”.
CALL (id) {
  OPTIONAL MATCH (f:Claim {subject: coalesce(id, '')})<-[:SUPPORTS]-(fp:Passage)
  WHERE f.predicate = 'FOLLOWED' AND f.polarity = 'affirmative'
  WITH f, f.object AS earlier_id, fp.id AS passage
  OPTIONAL MATCH (b:Entity {id: coalesce(earlier_id, '')})
  WITH passage, b.caption
    + CASE f.strongest WHEN 'reported' THEN '' ELSE ' (' + f.strongest + ')' END AS before
  ORDER BY passage, before
  RETURN collect(before) AS unsorted_before, collect(DISTINCT passage) AS order_evidence
}
UNWIND CASE WHEN size(unsorted_before) = 0 THEN [null] ELSE unsorted_before END AS before
WITH e, rank, kind, d, known, as_worded, sources, evidence, order_evidence, before
ORDER BY before
WITH e, rank, kind, d, known, as_worded, sources, evidence, order_evidence,
  collect(DISTINCT before) AS came_after,
  // A beginning that nobody knows is stored as the year 1.
  CASE WHEN d.earliest <> '0001-01-01' THEN d.earliest END AS earliest,
  CASE WHEN d.latest <> '9999-12-31' THEN d.latest END AS latest
RETURN e.id AS entity, e.caption AS what, kind, d.value AS date, earliest, latest, known, as_worded,
  sources, came_after, evidence, order_evidence
ORDER BY CASE WHEN d IS NULL THEN 1 ELSE 0 END, coalesce(earliest, latest, ''), coalesce(latest, '9'),
  coalesce(earliest, ''), rank, entity, coalesce(date, '')
