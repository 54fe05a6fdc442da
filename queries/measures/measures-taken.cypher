/*
title: Measures taken
question: Which measures were taken, by whom, on what, where, and under which policy?
category: Measures
params:
  - {name: measure, type: entity, label: Measure, required: false}
  - {name: taken_by, type: entity, label: Taken by, required: false}
columns:
  - {name: measure, type: entity}
  - {name: measure_name, type: text}
  - {name: kind, type: text}
  - {name: taken_by, type: text}
  - {name: called, type: list}
  - {name: on_what, type: list}
  - {name: where_to, type: list}
  - {name: policy, type: list}
  - {name: source, type: text}
  - {name: said_by, type: list}
  - {name: status, type: text}
  - {name: rule, type: text}
  - {name: taken_on, type: text}
  - {name: date_known, type: list}
  - {name: evidence, type: evidence}
  - {name: date_evidence, type: evidence}
view: table
example: {}
expect:
  count: 7
  rows:
    - [acted-on, "Measures on 1,398 flagged accounts", unspecified, Twitter, [taken action, taken down], ["Flagged accounts acted on (1,398)"], [], [], Article A, [the source itself, The Times of India], reported, null, "[2021-02-10..2021-02-12]", ["[2021-02-10..2021-02-12], inferred: after_meeting_before_report"], [a02, a08, a11], [a14]]
    - [acted-on, "Measures on 1,398 flagged accounts", unspecified, Twitter, [blocked], ["Flagged accounts acted on (1,398)"], [], [], Article B, [the source itself, The Times of India], reported, null, "[2021-02-10..2021-02-12]", ["[2021-02-10..2021-02-12], inferred: after_meeting_before_report"], [b03, b07], [a14]]
    - [reduced-visibility, Reduced visibility of tweets, reduce visibility, Twitter, [], [Tweets made less visible], [], [], Article A, [Twitter], reported, null, "[..2021-02-10]", ["[..2021-02-10], inferred: before_publication"], [a16], [a15, a16]]
    - [suspended, Permanent suspension of over 500, suspend, Twitter, [permanently suspended], [Accounts suspended (over 500)], [], ["Twitter's rules: says violated"], Article A, [Twitter], reported, null, "[..2021-02-10]", ["[..2021-02-10], inferred: before_publication"], [a17], [a15, a17]]
    - [suspended, Permanent suspension of over 500, suspend, Twitter, [permanently suspended], [Accounts suspended (over 500)], [], ["Twitter's rules: says violated"], Article B, [Twitter], reported, null, "[..2021-02-10]", ["[..2021-02-10], inferred: before_publication"], [b17], [a15, a17]]
    - [withheld, Withholding in India of a portion, withhold, Twitter, [withheld], [Flagged accounts withheld (a portion)], ["India, worded “within India only”"], ["Country Withheld Content policy: relies on"], Article A, [Twitter], reported, null, "[..2021-02-10]", ["[..2021-02-10], inferred: before_publication"], [a18], [a15, a18]]
    - [withheld, Withholding in India of a portion, withhold, Twitter, [withheld], [Flagged accounts withheld (a portion)], [], [], Article B, [the source itself, Twitter], reported, null, "[..2021-02-10]", ["[..2021-02-10], inferred: before_publication"], [b18, b19], [a15, a18]]
*/
// A measure that nobody is reported to have taken, like one only threatened, is not among them.
MATCH (c:Claim)
WHERE c.case = $case AND c.predicate = 'TOOK' AND c.polarity = 'affirmative'
  AND ($measure IS NULL OR c.object = $measure) AND ($taken_by IS NULL OR c.subject = $taken_by)
WITH c, c.object AS id, c.subject AS taker_id
MATCH (a:Entity {id: id})
MATCH (taker:Entity {id: taker_id})
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(src:Source)
WITH a, id, taker, s, p, src, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
WITH a, id, taker, src, s.status AS status, s.rule AS rule, p,
  coalesce(speaker.caption, 'the source itself') AS said
ORDER BY CASE said WHEN 'the source itself' THEN 0 ELSE 1 END, said, p.id
WITH a, id, taker, src.id AS source_id, src.caption AS source, status, rule,
  collect(DISTINCT said) AS said_by, collect(DISTINCT p.id) AS taken_in
// What the same source says of it: the name it has there, on what, where, under which policy.
CALL (id, source_id) {
  MATCH (d:Claim {subject: id})
  WHERE d.polarity = 'affirmative'
    AND (d.predicate IN ['APPLIED_TO', 'LOCATED_IN', 'INVOKES'] OR d.measure = 'called')
  MATCH (d)<-[ds:SUPPORTS]-(dp:Passage)
  MATCH (dp)-[:FROM]->(there:Source)
  WHERE there.id = source_id
  WITH d, ds, dp, d.object AS object_id
  OPTIONAL MATCH (e:Entity {id: coalesce(object_id, '')})
  WITH d, ds, dp, e ORDER BY coalesce(e.caption, d.value), dp.id
  WITH d, e, collect(DISTINCT ds.as_worded) AS worded, collect(dp.id) AS found,
    // The strongest status that the source gives it; “reported” goes without saying.
    max(ds.status) AS strongest
  WITH d, found, CASE WHEN strongest = 'reported' THEN '' ELSE ' (' + strongest + ')' END AS mark,
    CASE WHEN e IS NULL THEN d.value ELSE e.caption END AS name,
    CASE WHEN size(worded) = 0 THEN '' ELSE ', worded “' + worded[0] + '”' END AS worded
  ORDER BY name
  RETURN
    collect(CASE WHEN d.measure = 'called' THEN name + mark END) AS called,
    collect(CASE WHEN d.predicate = 'APPLIED_TO' THEN name + mark END) AS on_what,
    collect(CASE WHEN d.predicate = 'LOCATED_IN' THEN name + worded + mark END) AS where_to,
    collect(CASE WHEN d.predicate = 'INVOKES' THEN name + ': ' + replace(d.sense, '_', ' ') + mark END)
      AS policy,
    reduce(all = [], f IN collect(found) | all + f) AS said_in
}
CALL (id) {
  OPTIONAL MATCH (day:Claim {subject: coalesce(id, '')})
  WHERE day.measure = 'taken_on' AND day.polarity = 'affirmative'
  OPTIONAL MATCH (day)<-[ds:SUPPORTS]-(dp:Passage)
  WITH day.value + ', ' + ds.status + coalesce(': ' + ds.rule, '') AS known, dp.id AS dated
  ORDER BY dated, known
  RETURN collect(DISTINCT known) AS date_known, collect(DISTINCT dated) AS date_evidence
}
UNWIND taken_in + said_in AS passage
WITH a, taker, source, status, rule, said_by, called, on_what, where_to, policy, date_known,
  date_evidence, passage
ORDER BY passage
WITH a, taker, source, status, rule, said_by, called, on_what, where_to, policy, date_known,
  date_evidence, collect(DISTINCT passage) AS evidence
RETURN a.id AS measure, a.caption AS measure_name, replace(a.kind, '_', ' ') AS kind,
  taker.caption AS taken_by, called, on_what, where_to, policy, source, said_by, status, rule,
  a.taken_on AS taken_on, date_known, evidence, date_evidence
ORDER BY measure, taken_by, source, status DESC, coalesce(rule, ''), evidence[0]
