/*
title: How much was acted on
question: How many of the flagged accounts were acted on, as each source words it, what share is that, and what does nobody account for?
category: Measures
params:
  - {name: measure, type: entity, label: Measure, required: false}
columns:
  - {name: measure, type: entity}
  - {name: measure_name, type: text}
  - {name: worded_as, type: text}
  - {name: source, type: text}
  - {name: said_by, type: list}
  - {name: status, type: text}
  - {name: count, type: text}
  - {name: count_status, type: text}
  - {name: counted_as, type: list}
  - {name: of, type: int}
  - {name: of_as, type: list}
  - {name: of_status, type: text}
  - {name: share, type: float}
  - {name: share_stated, type: list}
  - {name: remainder, type: int}
  - {name: note, type: text}
  - {name: evidence, type: evidence}
view: table
example: {}
expect:
  count: 9
  rows:
    - [acted-on, "Measures on 1,398 flagged accounts", taken action, Article A, [The Times of India], reported, 1398 accounts, reported, [handles], 1435, [accounts, handles, users], reported, 97.42, ["97 percent: follows from the counts"], 37, not reported as acted on, [a02, a03, a10, a11]]
    - [acted-on, "Measures on 1,398 flagged accounts", taken down, Article A, [the source itself], reported, 1398 accounts, reported, [handles], 1435, [accounts, handles, users], reported, 97.42, ["97 percent: follows from the counts"], 37, not reported as acted on, [a02, a03, a10, a11]]
    - [acted-on, "Measures on 1,398 flagged accounts", blocked, Article B, [the source itself, The Times of India], reported, 1398 accounts, reported, [accounts, handles], 1435, [accounts, handles], reported, 97.42, ["less than 97 percent (“nearly”): does not follow from the counts"], 37, not reported as acted on, [b03, b04, b06, b07]]
    - [reduced-visibility, Reduced visibility of tweets, null, Article A, [Twitter], reported, not counted, null, [], null, [], null, null, [], null, "not said to be among what was flagged: not added, not subtracted", [a16]]
    - [suspended, Permanent suspension of over 500, permanently suspended, Article A, [Twitter], reported, more than 500 accounts, reported, [], null, [], null, null, [], null, "not said to be among what was flagged: not added, not subtracted", [a17]]
    - [suspended, Permanent suspension of over 500, permanently suspended, Article B, [Twitter], reported, more than 500 accounts, reported, [], null, [], null, null, [], null, "not said to be among what was flagged: not added, not subtracted", [b17]]
    - [withheld, Withholding in India of a portion, withheld, Article A, [Twitter], reported, an unstated part of 1435 accounts, "inferred: orders_are_the_two", [a portion], 1435, [accounts, handles, users], reported, null, [], null, "how many is not said, nor how they overlap with other measures", [a02, a03, a10, a18]]
    - [withheld, Withholding in India of a portion, withheld, Article B, [the source itself, Twitter], reported, an unstated part of 1435 accounts, reported, [a portion], 1435, [accounts, handles], reported, null, [], null, "how many is not said, nor how they overlap with other measures", [b03, b04, b06, b18, b19]]
    - [acted-on, "Measures on 1,398 flagged accounts", null, all sources, [], computed, 1398 accounts, reported, [], 1435, [], reported, 97.42, [], 37, "what nobody accounts for: not reported as acted on", [a03, a10, a11, b04, b06, b07]]
*/
MATCH (c:Claim)
WHERE c.case = $case AND c.predicate = 'APPLIED_TO' AND c.polarity = 'affirmative'
  AND ($measure IS NULL OR c.subject = $measure)
WITH c, c.subject AS id, c.object AS group_id
MATCH (a:Entity {id: id})
MATCH (c)<-[:SUPPORTS]-(p:Passage)
WITH c, a, id, group_id, p ORDER BY p.source
WITH c, a, id, group_id, collect(DISTINCT p.source) AS source_ids
// Each source by itself, and after them (null) all of them together.
UNWIND source_ids + [null] AS source_id
OPTIONAL MATCH (src:Record {id: coalesce(source_id, '')})
// How the source words the measure; where it has no name for it, what it says was done.
CALL (c, id, source_id) {
  OPTIONAL MATCH (w:Claim {subject: coalesce(id, '')})<-[ws:SUPPORTS]-(wp:Passage)
  WHERE w.measure = 'called' AND wp.source = source_id
  RETURN w.value AS worded_as, ws AS said, wp.id AS passage
  UNION ALL
  MATCH (c)<-[cs:SUPPORTS]-(cp:Passage)
  WHERE cp.source = source_id
  RETURN null AS worded_as, cs AS said, cp.id AS passage
}
WITH a, group_id, source_id, src, worded_as, passage, said.status AS status, said.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
WITH a, group_id, source_id, src, worded_as, passage, status,
  CASE WHEN passage IS NOT NULL THEN coalesce(speaker.caption, 'the source itself') END AS by
ORDER BY CASE by WHEN 'the source itself' THEN 0 ELSE 1 END, by, passage
WITH a, group_id, source_id, src, worded_as, max(status) AS status,
  collect(DISTINCT by) AS said_by, collect(DISTINCT passage) AS worded_in
ORDER BY coalesce(worded_as, '')
WITH a, group_id, source_id, src,
  collect({name: worded_as, status: status, by: said_by, passages: worded_in}) AS wordings
WITH a, group_id, source_id, src, wordings, [w IN wordings WHERE w.name IS NOT NULL] AS names
UNWIND CASE WHEN size(names) > 0 THEN names ELSE wordings END AS worded
// The group it is a part of. A group that is said to be part of none crosses no sum.
OPTIONAL MATCH (u:Claim {subject: coalesce(group_id, '')})
WHERE u.predicate = 'SUBSET_OF' AND u.polarity = 'affirmative'
WITH DISTINCT a, group_id, u.object AS base_id, u.strongest AS part_status, source_id, src,
  worded
// How many, in the source's own figures; two figures are two rows.
CALL (group_id, source_id) {
  OPTIONAL MATCH (z:Claim {subject: coalesce(group_id, '')})<-[zs:SUPPORTS]-(zp:Passage)
  WHERE z.measure = 'size' AND (source_id IS NULL OR zp.source = source_id)
  WITH z, zp.id AS passage, zs.status + coalesce(': ' + zs.rule, '') AS known ORDER BY passage
  RETURN z.number AS number, z.unit AS unit, z.comparator AS comparator,
    collect(passage) AS counted_in, max(known) AS count_status
}
CALL (base_id, source_id) {
  OPTIONAL MATCH (z:Claim {subject: coalesce(base_id, '')})<-[:SUPPORTS]-(zp:Passage)
  WHERE z.measure = 'size' AND z.comparator = '=' AND (source_id IS NULL OR zp.source = source_id)
  WITH z, zp.id AS passage ORDER BY passage
  RETURN z.number AS whole, z.strongest AS whole_status, collect(passage) AS whole_in
}
// What the source calls those who are counted, and those they are counted of.
CALL (group_id, source_id) {
  OPTIONAL MATCH (w:Claim {subject: coalesce(group_id, '')})<-[:SUPPORTS]-(wp:Passage)
  WHERE w.measure = 'called' AND wp.source = source_id
  WITH w.value AS name, wp.id AS passage ORDER BY name, passage
  RETURN collect(DISTINCT name) AS counted_as, collect(passage) AS counted_as_in
}
CALL (base_id, source_id) {
  OPTIONAL MATCH (w:Claim {subject: coalesce(base_id, '')})<-[:SUPPORTS]-(wp:Passage)
  WHERE w.measure = 'called' AND wp.source = source_id
  WITH w.value AS name, wp.id AS passage ORDER BY name, passage
  RETURN collect(DISTINCT name) AS of_as, collect(passage) AS of_as_in
}
// The share that the source states, and whether it follows from the counts.
CALL (group_id, base_id, source_id) {
  OPTIONAL MATCH (f:Claim {subject: coalesce(group_id, '')})<-[fs:SUPPORTS]-(fp:Passage)
  WHERE f.measure = 'share' AND f.base = base_id AND fp.source = source_id
  WITH fp.id AS passage, CASE f.comparator
      WHEN '=' THEN '' WHEN '>' THEN 'more than ' WHEN '>=' THEN 'at least ' WHEN '<' THEN 'less than '
      WHEN '<=' THEN 'at most ' WHEN '~' THEN 'about ' ELSE 'an unstated part of ' END
    + f.value + coalesce(' ' + f.unit, '') + coalesce(' (“' + fs.hedge + '”)', '')
    + CASE f.follows WHEN true THEN ': follows from the counts'
      WHEN false THEN ': does not follow from the counts' ELSE '' END AS stated
  ORDER BY stated, passage
  RETURN collect(DISTINCT stated) AS share_stated, collect(passage) AS share_in
}
WITH a, source_id, src, worded, base_id, number, unit, comparator, count_status, counted_as, whole,
  // In this order of the alphabet the weaker comes first: alleged, inferred, reported.
  CASE WHEN whole IS NULL THEN null WHEN part_status < whole_status THEN part_status
    ELSE whole_status END AS of_status,
  of_as, share_stated, worded.passages + counted_in + whole_in + counted_as_in + of_as_in + share_in
  AS passages,
  // Only an exact part of an exact whole leaves a share and a remainder.
  comparator = '=' AND whole > 0 AND number <= whole AS exact
WHERE source_id IS NOT NULL OR exact
UNWIND passages AS passage
WITH a, source_id, src, worded, base_id, number, unit, comparator, count_status, counted_as, whole,
  of_as, of_status, share_stated, exact, passage
ORDER BY passage
WITH a, source_id, src, worded, base_id, number, unit, comparator, count_status, counted_as, whole,
  of_as, of_status, share_stated, exact, collect(DISTINCT passage) AS evidence
RETURN a.id AS measure, a.caption AS measure_name, worded.name AS worded_as,
  CASE WHEN source_id IS NULL THEN 'all sources' ELSE src.caption END AS source,
  worded.by AS said_by, coalesce(worded.status, 'computed') AS status,
  CASE WHEN number IS NULL THEN 'not counted' ELSE CASE comparator
    WHEN '=' THEN '' WHEN '>' THEN 'more than ' WHEN '>=' THEN 'at least ' WHEN '<' THEN 'less than '
    WHEN '<=' THEN 'at most ' WHEN '~' THEN 'about ' ELSE 'an unstated part of ' END
    + toString(number) + coalesce(' ' + unit, '') END AS count,
  count_status, counted_as, whole AS of, of_as, of_status,
  CASE WHEN exact THEN round(100.0 * number / whole, 2) END AS share, share_stated,
  CASE WHEN exact THEN whole - number END AS remainder,
  CASE
    WHEN exact AND source_id IS NULL THEN 'what nobody accounts for: not reported as acted on'
    WHEN exact THEN 'not reported as acted on'
    WHEN base_id IS NULL THEN 'not said to be among what was flagged: not added, not subtracted'
    ELSE 'how many is not said, nor how they overlap with other measures'
  END AS note, evidence
ORDER BY CASE WHEN source_id IS NULL THEN 1 ELSE 0 END, measure, source, coalesce(worded_as, ''),
  coalesce(number, 0), coalesce(comparator, ''), coalesce(whole, 0), coalesce(base_id, ''),
  evidence[0]
