/*
title: What each order demanded, and of whom
question: What did each order demand of whom, who issued it in each source's own words, and how many accounts is that in all?
category: Orders
params:
  - {name: order, type: entity, label: Order, required: false}
columns:
  - {name: order, type: entity}
  - {name: order_name, type: text}
  - {name: point, type: text}
  - {name: what, type: text}
  - {name: entity, type: entity}
  - {name: as_worded, type: list}
  - {name: source, type: text}
  - {name: said_by, type: text}
  - {name: status, type: text}
  - {name: rule, type: text}
  - {name: evidence, type: evidence}
view: table
example: {}
expect:
  count: 32
  rows:
    - [order-first, First account order (257 accounts), issued by, Government of India, government-of-india, [the Centre], Article A, null, reported, null, [a03]]
    - [order-first, First account order (257 accounts), issued by, Government of India, government-of-india, ["the government's orders", "the Centre's orders"], Article A, null, inferred, orders_are_the_two, [a15, a20]]
    - [order-first, First account order (257 accounts), issued by, Ministry of Electronics and IT (MeitY), meity, [flagged by the IT ministry, flagged by the ministry], Article A, null, inferred, orders_are_the_two, [a02, a10]]
    - [order-first, First account order (257 accounts), issued by, Ministry of Electronics and IT (MeitY), meity, [flagged by the IT ministry, MeitY], Article B, null, inferred, same_total_same_orders, [b03, b04]]
    - [order-first, First account order (257 accounts), addressed to, Twitter, twitter, [], Article A, null, reported, null, [a03]]
    - [order-first, First account order (257 accounts), addressed to, Twitter, twitter, [the micro-blogging platform], Article B, null, inferred, same_total_same_orders, [b04]]
    - [order-first, First account order (257 accounts), "demand: block", Accounts in the first order (257), first-order-accounts, [to block accounts], Article A, null, reported, null, [a03, a04]]
    - [order-first, First account order (257 accounts), how many, 257 accounts, first-order-accounts, [], Article A, null, reported, null, [a04]]
    - [order-first, First account order (257 accounts), demand as worded, “block”, null, [to block accounts], Article A, null, reported, null, [a03]]
    - [order-first, First account order (257 accounts), demand as worded, “ban”, null, [the ban on accounts], Article A, null, inferred, orders_are_the_two, [a15]]
*/
CALL {
  // What is said of each order: who gave it, to whom, about what, and in which words.
  MATCH (o:Order)
  WHERE o.case = $case AND ($order IS NULL OR o.id = $order)
  WITH o, o.id AS id
  CALL (id) {
    MATCH (c:Claim {object: id}) WHERE c.predicate = 'ISSUED'
    RETURN c, 1 AS rank, 'issued by' AS point, c.subject AS entity
    UNION ALL
    MATCH (c:Claim {subject: id}) WHERE c.predicate = 'ADDRESSED_TO'
    RETURN c, 2 AS rank, 'addressed to' AS point, c.object AS entity
    UNION ALL
    MATCH (c:Claim {subject: id}) WHERE c.predicate = 'FLAGS'
    RETURN c, 3 AS rank, 'demand: ' + coalesce(c.demand, 'not said') AS point, c.object AS entity
    UNION ALL
    MATCH (f:Claim {subject: id}) WHERE f.predicate = 'FLAGS' AND f.polarity = 'affirmative'
    WITH DISTINCT f.object AS entity
    MATCH (c:Claim {subject: entity}) WHERE c.measure = 'size'
    RETURN c, 4 AS rank, 'how many' AS point, entity
    UNION ALL
    MATCH (c:Claim {subject: id}) WHERE c.measure = 'demand_worded'
    RETURN c, 5 AS rank, 'demand as worded' AS point, null AS entity
  }
  RETURN c, o.id AS order_id, o.caption AS order_name, o.kind AS kind, rank, point, entity, null AS addition
  UNION ALL
  // The total: of exact counts in one whole, and only if every two parts are known to share nobody.
  MATCH (f:Claim)
  WHERE f.case = $case AND f.predicate = 'FLAGS' AND f.polarity = 'affirmative' AND $order IS NULL
  WITH DISTINCT f.object AS part
  MATCH (u:Claim {subject: part}) WHERE u.predicate = 'SUBSET_OF' AND u.polarity = 'affirmative'
  WITH DISTINCT part, u.object AS whole
  MATCH (n:Claim {subject: part})
  WHERE n.measure = 'size' AND n.comparator = '=' AND NOT n.contested
  WITH whole, part, n ORDER BY whole, part
  WITH whole, n.unit AS unit, collect(part) AS parts, collect(n) AS counts, sum(n.number) AS total,
    // In this order of the alphabet the first is the weakest: alleged, inferred, reported.
    min(n.strongest) AS counted
  UNWIND parts AS part
  MATCH (d:Claim {subject: part})<-[ds:SUPPORTS]-(:Passage)
  WHERE d.predicate = 'DISJOINT_FROM' AND d.polarity = 'affirmative' AND d.object IN parts
  WITH whole, parts, counts, total, counted, collect(DISTINCT d) AS apart,
    count(DISTINCT CASE WHEN part < d.object THEN [part, d.object] ELSE [d.object, part] END) AS pairs,
    min(ds.status) AS status, min(ds.rule) AS rule
  WHERE 2 * pairs = size(parts) * (size(parts) - 1)
  WITH whole, counts + apart AS claims, {
    status: CASE WHEN counted < status THEN counted ELSE status END,
    rule: rule,
    sum: reduce(text = '', n IN counts | text + CASE text WHEN '' THEN '' ELSE ' + ' END + n.value)
      + ' = ' + toString(total)
  } AS addition
  // Beside it, what the sources themselves give for the whole.
  CALL (whole, claims, addition) {
    UNWIND claims AS c
    RETURN c, 6 AS rank, 'total of parts that share no account, computed' AS point, addition AS added
    UNION ALL
    MATCH (c:Claim {subject: whole}) WHERE c.measure = 'size'
    RETURN c, 7 AS rank, 'total as stated' AS point, null AS added
  }
  RETURN c, null AS order_id, null AS order_name, 'total' AS kind, rank, point, whole AS entity,
    added AS addition
}
WITH c, order_id, order_name, kind, rank, point, entity, addition
WHERE c.polarity = 'affirmative'
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(src:Source)
WITH c, order_id, order_name, kind, rank, point, entity, addition, s, p, src, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
OPTIONAL MATCH (e:Entity {id: coalesce(entity, '')})
WITH order_id, order_name, kind, rank, point, entity, s, p,
  // A computed total belongs to no one source, and stands on what is known of its parts.
  CASE rank WHEN 6 THEN 'computed' ELSE src.caption END AS source,
  CASE rank WHEN 6 THEN null ELSE speaker.caption END AS said_by,
  CASE rank WHEN 6 THEN addition.status ELSE s.status END AS status,
  CASE rank WHEN 6 THEN addition.rule ELSE s.rule END AS rule,
  CASE
    WHEN rank = 6 THEN addition.sum
    WHEN c.measure = 'size' THEN CASE c.comparator
      WHEN '=' THEN '' WHEN '>' THEN 'more than ' WHEN '>=' THEN 'at least ' WHEN '<' THEN 'less than '
      WHEN '<=' THEN 'at most ' WHEN '~' THEN 'about ' ELSE 'an unstated part of ' END
      + c.value + coalesce(' ' + c.unit, '')
      + CASE WHEN rank = 7 AND c.follows THEN ', as the parts add up'
        WHEN rank = 7 AND NOT c.follows THEN ', which the parts do not add up to' ELSE '' END
    WHEN c.measure = 'demand_worded' THEN '“' + c.value + '”'
    ELSE e.caption
  END AS what
ORDER BY p.id
WITH order_id, order_name, kind, rank, point, entity, what, source, said_by, status, rule,
  collect(DISTINCT p.id) AS evidence, collect(DISTINCT s.as_worded) AS as_worded
RETURN order_id AS order, order_name, point, what, entity, as_worded, source, said_by, status, rule,
  evidence
ORDER BY CASE kind WHEN 'total' THEN 1 ELSE 0 END, kind, coalesce(order_id, ''), rank,
  coalesce(entity, ''), source, status DESC, what, coalesce(said_by, ''), coalesce(rule, ''),
  evidence[0]
