/*
title: Who passes on whose report
question: Which passage relays what another source reported, and where does the chain end?
category: Record
params:
  - {name: source, type: text, label: "Source that is relayed (id or name, all without one)", required: false}
columns:
  - {name: passage, type: passage}
  - {name: by_source, type: source}
  - {name: by_name, type: text}
  - {name: gist, type: text}
  - {name: relays, type: source}
  - {name: relays_name, type: text}
  - {name: relays_kind, type: text}
  - {name: is_origin, type: bool}
  - {name: status, type: text}
  - {name: rule, type: text}
  - {name: evidence, type: evidence}
view: table
scan: true
example: {}
expect:
  count: 6
  rows:
    - [a11, article-a, Article A, "1,398 of them were acted on", toi-report, The Times of India's report, article, false, reported, null, [a12]]
    - [a16, article-a, Article A, "Twitter: some tweets were made less visible", twitter-release, Twitter's report, release, true, reported, null, [a15]]
    - [a17, article-a, Article A, "Twitter: more than 500 accounts were suspended for good under its rules", twitter-release, Twitter's report, release, true, reported, null, [a15]]
    - [a22, article-a, Article A, "Quoted: orders want obedience at once, days later there is no point", government-statement, Government statement, release, true, reported, null, [a23]]
    - [b07, article-b, Article B, "1,398 of them are blocked", toi-report, The Times of India's report, article, false, inferred, same_outlet_same_figures, [b08]]
    - [null, toi-report, The Times of India's report, null, toi-sources, The report's unnamed sources, unnamed, true, reported, null, [a12]]
*/
MATCH (original:Source) WHERE original.case = $case
  AND ($source IS NULL OR original.id = $source OR original.id = $case + ':' + $source
       OR original.caption = $source)
MATCH (original)<-[r:RELAYS]-(from:Record)
// What relays is a passage, or a source of which no passage is held.
WITH original, r, from, coalesce(from.source, from.id) AS source_id
MATCH (by:Record {id: source_id})
RETURN CASE WHEN from:Passage THEN from.id END AS passage, by.id AS by_source, by.caption AS by_name,
       from.gist AS gist, original.id AS relays, original.caption AS relays_name,
       original.kind AS relays_kind,
       NOT EXISTS { (original)-[:RELAYS]->(:Record) } AS is_origin,
       r.status AS status, r.rule AS rule,
       [coalesce(r.evidence, from.id)] AS evidence
ORDER BY by_source, coalesce(passage, ''), relays
