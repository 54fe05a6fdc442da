/*
title: Groups spared
question: Which groups are said to have been left alone, why, and as of when?
category: Measures
params:
  - {name: measure, type: entity, label: Measure, required: false}
columns:
  - {name: group, type: entity}
  - {name: group_name, type: text}
  - {name: measure, type: entity}
  - {name: measure_name, type: text}
  - {name: as_worded, type: list}
  - {name: why, type: list}
  - {name: why_the_measure, type: list}
  - {name: as_of, type: text}
  - {name: as_of_known, type: text}
  - {name: source, type: text}
  - {name: said_by, type: text}
  - {name: quoted, type: bool}
  - {name: status, type: text}
  - {name: rule, type: text}
  - {name: evidence, type: evidence}
view: table
example: {}
expect:
  count: 4
  rows:
    - [activist-accounts, Accounts of activists, withheld, Withholding in India of a portion, [have not taken any action], [defending protected speech and free expression, would violate free expression (“we believe”)], [defending protected speech and free expression, not consistent with Indian law (“we do not believe”), would violate free expression (“we believe”)], "[..2021-02-16]", "inferred: as_of_report", Article B, Twitter, true, reported, null, [b19, b20, b21, b22]]
    - [journalist-accounts, Accounts of journalists, withheld, Withholding in India of a portion, [have not taken any action], [defending protected speech and free expression, would violate free expression (“we believe”)], [defending protected speech and free expression, not consistent with Indian law (“we do not believe”), would violate free expression (“we believe”)], "[..2021-02-16]", "inferred: as_of_report", Article B, Twitter, true, reported, null, [b19, b20, b21, b22]]
    - [news-media-accounts, Accounts of news media entities, withheld, Withholding in India of a portion, [have not taken any action], [defending protected speech and free expression, would violate free expression (“we believe”)], [defending protected speech and free expression, not consistent with Indian law (“we do not believe”), would violate free expression (“we believe”)], "[..2021-02-16]", "inferred: as_of_report", Article B, Twitter, true, reported, null, [b19, b20, b21, b22]]
    - [politician-accounts, Accounts of politicians, withheld, Withholding in India of a portion, [have not taken any action], [defending protected speech and free expression, would violate free expression (“we believe”)], [defending protected speech and free expression, not consistent with Indian law (“we do not believe”), would violate free expression (“we believe”)], "[..2021-02-16]", "inferred: as_of_report", Article B, Twitter, true, reported, null, [b19, b20, b21, b22]]
*/
MATCH (c:Claim)
WHERE c.case = $case AND c.predicate = 'SPARED' AND c.polarity = 'affirmative'
  AND ($measure IS NULL OR c.subject = $measure)
WITH c, c.subject AS measure_id, c.object AS group_id
MATCH (a:Entity {id: measure_id})
MATCH (g:Entity {id: group_id})
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(src:Source)
WITH c, a, measure_id, g, group_id, s, p, src, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
WITH c, a, measure_id, g, group_id, s, p, src, speaker ORDER BY p.id
WITH c, a, measure_id, g, group_id, src.id AS source_id, src.caption AS source,
  speaker.caption AS said_by, s.status AS status, s.rule AS rule,
  collect(s.quoted) AS quotes, collect(DISTINCT s.as_worded) AS as_worded, collect(p.id) AS found
// Why the group was spared: the reasons that go with a statement about the group in that source.
CALL (group_id, source_id) {
  OPTIONAL MATCH (about:Claim {object: coalesce(group_id, '')})
  WHERE about.predicate = 'ABOUT' AND about.polarity = 'affirmative'
  WITH DISTINCT about.subject AS statement_id, source_id
  OPTIONAL MATCH (r:Claim {subject: coalesce(statement_id, '')})
  WHERE r.kind = 'ground' AND r.polarity = 'affirmative'
  OPTIONAL MATCH (r)<-[rs:SUPPORTS]-(rp:Passage)
  WHERE rp.source = source_id
  WITH rp.id AS passage,
    CASE WHEN rp IS NOT NULL THEN replace(r.value, '_', ' ') + coalesce(' (“' + rs.hedge + '”)', '')
      + CASE rs.status WHEN 'reported' THEN '' ELSE ' (' + rs.status + ')' END END AS reason
  ORDER BY reason, passage
  RETURN collect(DISTINCT reason) AS why, collect(passage) AS why_found
}
// Beside them the reasons given for the measure itself, which may be others.
CALL (measure_id, source_id) {
  OPTIONAL MATCH (r:Claim {subject: coalesce(measure_id, '')})
  WHERE r.kind = 'ground' AND r.polarity = 'affirmative'
  OPTIONAL MATCH (r)<-[rs:SUPPORTS]-(rp:Passage)
  WHERE rp.source = source_id
  WITH rp.id AS passage,
    CASE WHEN rp IS NOT NULL THEN replace(r.value, '_', ' ') + coalesce(' (“' + rs.hedge + '”)', '')
      + CASE rs.status WHEN 'reported' THEN '' ELSE ' (' + rs.status + ')' END END AS reason
  ORDER BY reason, passage
  RETURN collect(DISTINCT reason) AS why_the_measure, collect(passage) AS measure_found
}
UNWIND found + why_found + measure_found AS passage
WITH c, a, g, source, said_by, status, rule, quotes, as_worded, why, why_the_measure, passage
ORDER BY passage
WITH c, a, g, source, said_by, status, rule, quotes, as_worded, why, why_the_measure,
  collect(DISTINCT passage) AS evidence
RETURN g.id AS group, g.caption AS group_name, a.id AS measure, a.caption AS measure_name,
  as_worded, why, why_the_measure, c.as_of AS as_of,
  coalesce(c.when_basis, 'not said') + coalesce(': ' + c.when_rule, '') AS as_of_known, source,
  said_by, any(q IN quotes WHERE q) AS quoted, status, rule, evidence
ORDER BY group, measure, source, status DESC, coalesce(said_by, ''), coalesce(rule, ''), evidence[0]
