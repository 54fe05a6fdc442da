/*
title: Claims that differ
question: Where do the sources contest each other, where do they only differ, and how?
category: Record
params:
  - {name: about, type: entity, label: About, required: false}
  - {name: how, type: choice, label: How they differ, choices: [value, polarity, precision, level, wording], required: false}
  - {name: contested, type: bool, label: Only what is in dispute, default: false}
columns:
  - {name: how, type: text}
  - {name: contests, type: bool}
  - {name: about, type: entity}
  - {name: about_name, type: text}
  - {name: one, type: claim}
  - {name: one_says, type: text}
  - {name: one_according_to, type: list}
  - {name: other, type: claim}
  - {name: other_says, type: text}
  - {name: other_according_to, type: list}
  - {name: evidence, type: evidence}
view: table
scan: true
example: {}
expect:
  count: 21
  rows:
    - [polarity, true, order-first, First account order (257 accounts), order-first-characterised-as-lawful-0c11b46790, "First account order (257 accounts) is characterised as “lawful”", ["Ajay Prakash Sawhney in Article A (inferred: implied_by_general_rule)", "Ajay Prakash Sawhney in Article B (inferred: implied_by_general_rule)"], order-first-characterised-as-lawful-e30bfbbd31, "It is denied that: First account order (257 accounts) is characterised as “lawful”", ["Twitter in Article B, “we do not believe” (inferred: directed_actions_are_the_orders)"], [a21, b14, b19]]
    - [polarity, true, order-second, "Second account order (1,178 accounts)", order-second-characterised-as-lawful-48f0aa7d2d, "Second account order (1,178 accounts) is characterised as “lawful”", ["Ajay Prakash Sawhney in Article A (inferred: implied_by_general_rule)", "Ajay Prakash Sawhney in Article B (inferred: implied_by_general_rule)"], order-second-characterised-as-lawful-be4b63e283, "It is denied that: Second account order (1,178 accounts) is characterised as “lawful”", ["Twitter in Article B, “we do not believe” (inferred: directed_actions_are_the_orders)"], [a21, b14, b19]]
    - [precision, false, acted-on-accounts, "Flagged accounts acted on (1,398)", acted-on-accounts-share-97-f1bec3476a, "Flagged accounts acted on (1,398): share 97%", [Article A], acted-on-accounts-share-97-ecf2be8695, "Flagged accounts acted on (1,398): share less than 97%", ["Article B, “nearly”"], [a02, b03]]
    - [level, false, order-first, First account order (257 accounts), government-of-india-issued-order-first-746a0acf69, Government of India issued First account order (257 accounts), [Article A, "Article A (inferred: orders_are_the_two)"], meity-issued-order-first-1772dd8bbf, Ministry of Electronics and IT (MeitY) issued First account order (257 accounts), ["Article A (inferred: orders_are_the_two)", "Article B (inferred: same_total_same_orders)"], [a02, a03, a10, a15, a20, b03, b04]]
    - [level, false, order-second, "Second account order (1,178 accounts)", government-of-india-issued-order-second-a5d3528f25, "Government of India issued Second account order (1,178 accounts)", [Article A, "Article A (inferred: orders_are_the_two)"], meity-issued-order-second-9319a293c3, "Ministry of Electronics and IT (MeitY) issued Second account order (1,178 accounts)", ["Article A (inferred: orders_are_the_two)", "Article B (inferred: same_total_same_orders)"], [a02, a03, a10, a15, a20, b03, b04]]
    - [level, false, prasad, Ravi Shankar Prasad, prasad-holds-role-government-of-india-6f718e1f57, "Ravi Shankar Prasad holds a role at Government of India: Union IT and communications minister", ["Article A (inferred: role_implies_body)"], prasad-holds-role-meity-186a074446, "Ravi Shankar Prasad holds a role at Ministry of Electronics and IT (MeitY): Union IT and communications minister", ["Article A (inferred: role_implies_body)"], [a27]]
    - [wording, false, acted-on, "Measures on 1,398 flagged accounts", acted-on-called-blocked-c0ba085e62, "Measures on 1,398 flagged accounts is called “blocked”", [Article B, The Times of India in Article B], acted-on-called-taken-action-45eac0ae31, "Measures on 1,398 flagged accounts is called “taken action”", [The Times of India in Article A], [a11, b03, b07]]
    - [wording, false, acted-on, "Measures on 1,398 flagged accounts", acted-on-called-blocked-c0ba085e62, "Measures on 1,398 flagged accounts is called “blocked”", [Article B, The Times of India in Article B], acted-on-called-taken-down-f9093a0c48, "Measures on 1,398 flagged accounts is called “taken down”", [Article A], [a02, b03, b07]]
    - [wording, false, delay-complaint, "Complaint of grudging, late compliance", delay-complaint-called-deep-disappointment-2d28cd5426, "Complaint of grudging, late compliance is called “deep disappointment”", [Article A], delay-complaint-called-strong-displeasure-90b05c1309, "Complaint of grudging, late compliance is called “strong displeasure”", [Article B], [a24, b11]]
    - [wording, false, government-of-india, Government of India, government-of-india-name-government-of-india-de9e723e30, "Government of India is named “government of India”", [Article B], government-of-india-name-the-centre-4997094231, "Government of India is named “the Centre”", [Article A], [a03, a20, b23]]
*/
MATCH (a:Claim) WHERE a.case = $case
MATCH (a)-[d:DIFFERS]->(b:Claim)
WITH a, b, d.how AS how
WHERE ($how IS NULL OR how = $how)
  AND (NOT $contested OR how IN ['value', 'polarity'])
  AND ($about IS NULL OR $about IN [a.subject, a.object, b.subject, b.object])
// An assertion comes before its denial, others as they read; `about` is what both speak of.
WITH a, b, how, CASE WHEN a.polarity <> b.polarity THEN a.polarity = 'negative'
                     ELSE b.sentence < a.sentence END AS turn
WITH how, CASE WHEN turn THEN b.id ELSE a.id END AS one_id,
     CASE WHEN turn THEN a.id ELSE b.id END AS other_id,
     CASE WHEN a.subject = b.subject THEN a.subject ELSE a.object END AS about_id
MATCH (x:Entity {id: about_id})
UNWIND [one_id, other_id] AS claim_id
MATCH (c:Claim {id: claim_id})
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(src:Source)
WITH how, x, one_id, other_id, c, s, p, src, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
WITH how, x, one_id, other_id, c, p,
     coalesce(speaker.caption + ' in ', '') + src.caption + coalesce(', “' + s.hedge + '”', '')
       + CASE s.status WHEN 'reported' THEN '' ELSE ' (' + s.status + coalesce(': ' + s.rule, '') + ')' END
       AS who
ORDER BY p.id, who
WITH how, x, one_id, other_id, collect(DISTINCT p.id) AS evidence,
     collect(DISTINCT CASE WHEN c.id = one_id THEN c.sentence END) AS one_says,
     collect(DISTINCT CASE WHEN c.id = one_id THEN who END) AS one_according_to,
     collect(DISTINCT CASE WHEN c.id = other_id THEN c.sentence END) AS other_says,
     collect(DISTINCT CASE WHEN c.id = other_id THEN who END) AS other_according_to
RETURN how, how IN ['value', 'polarity'] AS contests, x.id AS about, x.caption AS about_name,
       one_id AS one, one_says[0] AS one_says, one_according_to,
       other_id AS other, other_says[0] AS other_says, other_according_to, evidence
ORDER BY CASE how WHEN 'value' THEN 0 WHEN 'polarity' THEN 1 WHEN 'precision' THEN 2
         WHEN 'level' THEN 3 ELSE 4 END, about, one, other
