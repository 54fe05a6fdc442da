/*
title: Hashtags and their variants
question: Which hashtags come up, printed or only described, in which source, and how do they belong together?
category: Statements
params:
  - {name: hashtag, type: entity, label: Hashtag, required: false}
columns:
  - {name: hashtag, type: entity}
  - {name: hashtag_name, type: text}
  - {name: point, type: text}
  - {name: what, type: text}
  - {name: other, type: entity}
  - {name: as_worded, type: list}
  - {name: sources, type: list}
  - {name: said_by, type: text}
  - {name: status, type: text}
  - {name: rule, type: text}
  - {name: evidence, type: evidence}
view: table
example: {}
expect:
  count: 10
  rows:
    - [farmer-genocide, Hashtag farmer genocide, printed as, farmer genocide, null, [], [Article B], null, reported, null, [b12]]
    - [farmer-genocide, Hashtag farmer genocide, variant of, Hashtag farmers genocide, farmers-genocide, [], [Article A, Article B], null, inferred, spelling_variant, [a06, b12]]
    - [farmers-genocide, Hashtag farmers genocide, printed as, farmers genocide, null, [], [Article A], null, reported, null, [a06]]
    - [farmers-genocide, Hashtag farmers genocide, characterised as, inflammatory, null, [], [Article A], Government of India, reported, null, [a06]]
    - [farmers-genocide, Hashtag farmers genocide, used by, "Accounts flagged in two orders (1,435)", flagged-accounts, [spreading], [Article A], Government of India, alleged, null, [a06]]
    - [genocide-hashtag-described, Hashtag described but not printed, only described as, a hashtag referring to farmer genocide, null, [referring to ‘farmer genocide’], [Article B], null, reported, null, [b24]]
    - [genocide-hashtag-described, Hashtag described but not printed, variant of, Hashtag farmer genocide, farmer-genocide, [], [Article B], null, inferred, description_fits_tag, [b12, b24]]
    - [genocide-hashtag-described, Hashtag described but not printed, characterised as, baseless, null, [], [Article B], Government of India, inferred, speaker_carried_over, [b24]]
    - [genocide-hashtag-described, Hashtag described but not printed, characterised as, incendiary, null, [], [Article B], Government of India, inferred, speaker_carried_over, [b24]]
    - [genocide-hashtag-described, Hashtag described but not printed, characterised as, "irresponsible, can provoke and inflame", null, [], [Article B], Government of India, inferred, speaker_carried_over, [b24]]
*/
MATCH (h:Hashtag)
WHERE h.case = $case AND ($hashtag IS NULL OR h.id = $hashtag)
WITH h, h.id AS id
CALL (id) {
  MATCH (c:Claim {subject: id}) WHERE c.measure = 'tag'
  RETURN c, 1 AS rank, 'printed as' AS point, null AS other_id
  UNION ALL
  MATCH (c:Claim {subject: id}) WHERE c.measure = 'described_as'
  RETURN c, 1 AS rank, 'only described as' AS point, null AS other_id
  UNION ALL
  MATCH (c:Claim {subject: id}) WHERE c.predicate = 'VARIANT_OF'
  RETURN c, 2 AS rank, 'variant of' AS point, c.object AS other_id
  UNION ALL
  // What somebody calls it is theirs, and so is what they say of who used it.
  MATCH (c:Claim {subject: id}) WHERE c.kind = 'characterisation'
  RETURN c, 3 AS rank, 'characterised as' AS point, null AS other_id
  UNION ALL
  MATCH (c:Claim {object: id}) WHERE c.predicate = 'USED'
  RETURN c, 4 AS rank, 'used by' AS point, c.subject AS other_id
}
WITH h, c, rank, other_id,
  CASE c.polarity WHEN 'negative' THEN 'denied: ' + point ELSE point END AS point
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(src:Source)
WITH h, c, rank, point, other_id, s, p, src, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
OPTIONAL MATCH (e:Entity {id: coalesce(other_id, '')})
WITH h, c, rank, point, e, s, p, src, speaker ORDER BY p.id
WITH h, rank, point, coalesce(e.caption, c.value) AS what, e.id AS other, speaker.caption AS said_by,
  s.status AS status, s.rule AS rule, collect(DISTINCT s.as_worded) AS as_worded,
  collect(DISTINCT src.caption) AS sources, collect(DISTINCT p.id) AS evidence
RETURN h.id AS hashtag, h.caption AS hashtag_name, point, what, other, as_worded, sources, said_by,
  status, rule, evidence
ORDER BY hashtag, rank, point, what, coalesce(other, ''), status DESC, coalesce(said_by, ''),
  coalesce(rule, ''), evidence[0]
