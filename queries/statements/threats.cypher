/*
title: Threats, and whether they were carried out
question: Who threatened whom with what, and is it reported that the threat was carried out?
category: Statements
params:
  - {name: threatener, type: entity, label: Who threatened, required: false}
columns:
  - {name: threat, type: entity}
  - {name: threat_name, type: text}
  - {name: threatener, type: entity}
  - {name: threatener_name, type: text}
  - {name: threatened, type: list}
  - {name: threatened_with, type: list}
  - {name: carried_out, type: list}
  - {name: came_after_it, type: list}
  - {name: as_worded, type: list}
  - {name: sources, type: list}
  - {name: said_by, type: text}
  - {name: status, type: text}
  - {name: rule, type: text}
  - {name: evidence, type: evidence}
view: table
example: {}
expect:
  count: 1
  rows:
    - [penal-threat, Threat of penal action, government-of-india, Government of India, ["Top officials of Twitter: nobody is named"], [Threatened penal action], ["Threatened penal action: not reported as carried out"], ["Measures on 1,398 flagged accounts, in time only"], [threatened], [Article A], null, reported, null, [a08, a09]]
*/
MATCH (t:Statement)
WHERE t.case = $case AND t.kind = 'threat'
WITH t, t.id AS id
MATCH (c:Claim {object: id})
WHERE c.predicate = 'MADE' AND c.polarity = 'affirmative'
  AND ($threatener IS NULL OR c.subject = $threatener)
WITH t, id, c, c.subject AS threatener_id
MATCH (who:Entity {id: threatener_id})
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(src:Source)
WITH t, id, who, s, p, src, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
WITH t, id, who, s, p, src, speaker ORDER BY p.id
WITH t, id, who, speaker.caption AS said_by, s.status AS status, s.rule AS rule,
  collect(DISTINCT s.as_worded) AS as_worded, collect(DISTINCT src.caption) AS sources,
  collect(p.id) AS found
// Whom it was addressed to. A group whose members no source names stays one.
CALL (id) {
  OPTIONAL MATCH (a:Claim {subject: coalesce(id, '')})
  WHERE a.predicate = 'ADDRESSED_TO' AND a.polarity = 'affirmative'
  WITH a, a.object AS addressee_id
  OPTIONAL MATCH (e:Entity {id: coalesce(addressee_id, '')})
  OPTIONAL MATCH (m:Claim {object: coalesce(addressee_id, '')})
  WHERE m.predicate = 'MEMBER_OF' AND m.polarity = 'affirmative'
  WITH a, e, count(m) AS named
  WITH a, e.caption + CASE WHEN e:Group AND named = 0 THEN ': nobody is named' ELSE '' END
    + CASE a.strongest WHEN 'reported' THEN '' ELSE ' (' + a.strongest + ')' END AS name
  OPTIONAL MATCH (a)<-[:SUPPORTS]-(ap:Passage)
  WITH name, ap.id AS passage ORDER BY name, passage
  RETURN collect(DISTINCT name) AS threatened, collect(passage) AS addressed_in
}
// What was threatened, and whether anybody is reported to have done it.
CALL (id) {
  OPTIONAL MATCH (b:Claim {subject: coalesce(id, '')})
  WHERE b.predicate = 'ABOUT' AND b.polarity = 'affirmative'
  WITH b, b.object AS action_id
  OPTIONAL MATCH (x:Entity {id: coalesce(action_id, '')}) WHERE x:Action
  WITH b, x, action_id
  OPTIONAL MATCH (done:Claim {object: coalesce(action_id, '')})
  WHERE done.predicate = 'TOOK' AND x IS NOT NULL
  WITH b, x, collect(done) AS taken
  WITH b, x, taken,
    [d IN taken WHERE d.polarity = 'affirmative' AND d.strongest = 'reported'] AS reported,
    [d IN taken WHERE d.polarity = 'affirmative' AND d.strongest <> 'reported'] AS said,
    [d IN taken WHERE d.polarity = 'negative'] AS denied
  WITH b, x.caption AS what, taken, x.caption + CASE
    WHEN size(reported) > 0 THEN ': reported as carried out'
    WHEN size(said) > 0 THEN ': carried out, but only ' + said[0].strongest
    WHEN size(denied) > 0 THEN ': denied that it was carried out'
    ELSE ': not reported as carried out' END AS outcome
  UNWIND CASE WHEN b IS NULL THEN [null] ELSE [b] + taken END AS heard
  OPTIONAL MATCH (heard)<-[:SUPPORTS]-(bp:Passage)
  WITH what, outcome, bp.id AS passage ORDER BY what, outcome, passage
  RETURN collect(DISTINCT what) AS threatened_with, collect(DISTINCT outcome) AS carried_out,
    collect(passage) AS about_in
}
// What a source puts after the threat: order in time, never “because of”.
CALL (id) {
  OPTIONAL MATCH (f:Claim {object: coalesce(id, '')})
  WHERE f.predicate = 'FOLLOWED' AND f.polarity = 'affirmative'
  WITH f, f.subject AS later_id
  OPTIONAL MATCH (later:Entity {id: coalesce(later_id, '')})
  OPTIONAL MATCH (f)<-[:SUPPORTS]-(fp:Passage)
  WITH later.caption + ', in time only'
    + CASE f.strongest WHEN 'reported' THEN '' ELSE ' (' + f.strongest + ')' END AS after,
    fp.id AS passage
  ORDER BY after, passage
  RETURN collect(DISTINCT after) AS came_after_it, collect(passage) AS after_in
}
UNWIND found + addressed_in + about_in + after_in AS passage
WITH t, who, said_by, status, rule, as_worded, sources, threatened, threatened_with, carried_out,
  came_after_it, passage
ORDER BY passage
WITH t, who, said_by, status, rule, as_worded, sources, threatened, threatened_with, carried_out,
  came_after_it, collect(DISTINCT passage) AS evidence
RETURN t.id AS threat, t.caption AS threat_name, who.id AS threatener,
  who.caption AS threatener_name, threatened, threatened_with, carried_out, came_after_it,
  as_worded, sources, said_by, status, rule, evidence
ORDER BY threat, threatener, status DESC, coalesce(said_by, ''), coalesce(rule, ''), evidence[0]
