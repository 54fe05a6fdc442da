/*
title: Platforms and events named or compared
question: Which platforms and which events are named or compared, by whom, and to argue what?
category: Statements
params:
  - {name: named, type: entity, label: Platform or event, required: false}
  - {name: by, type: entity, label: Named by, required: false}
  - {name: role, type: choice, label: As what, choices: [topic, compared, example], required: false}
columns:
  - {name: named, type: entity}
  - {name: name, type: text}
  - {name: what, type: text}
  - {name: role, type: text}
  - {name: as_worded, type: list}
  - {name: by, type: entity}
  - {name: by_name, type: text}
  - {name: by_known, type: text}
  - {name: statement, type: entity}
  - {name: argues, type: text}
  - {name: hedge, type: list}
  - {name: status, type: text}
  - {name: rule, type: list}
  - {name: claim, type: claim}
  - {name: evidence, type: evidence}
  - {name: by_evidence, type: evidence}
view: table
example: {}
expect:
  count: 13
  rows:
    - [twitter, Twitter, platform, topic, [], government-of-india, Government of India, reported, bot-doubts, "The government doubts Twitter's stated values because it lets fake and bot accounts be", [], reported, [], bot-doubts-about-twitter-d75d09a8f6, [b23], [b23]]
    - [twitter, Twitter, platform, topic, [], sawhney, Ajay Prakash Sawhney, reported, delay-complaint, The secretary complains that Twitter complied reluctantly and late with most of an order, [], reported, [], delay-complaint-about-twitter-afbc5bb87a, [a24, b11], [a24, b11]]
    - [capitol-hill-episode, Capitol Hill episode, event, compared, [], sawhney, Ajay Prakash Sawhney, reported, differential-treatment, "The secretary: Twitter dealt with the Capitol Hill and the Red Fort events differently", [], reported, [], differential-treatment-about-capitol-hill-episode-2771404ca6, [b13], [b13]]
    - [red-fort-disturbance, Red Fort disturbance, event, compared, [], sawhney, Ajay Prakash Sawhney, reported, differential-treatment, "The secretary: Twitter dealt with the Capitol Hill and the Red Fort events differently", [], reported, [], differential-treatment-about-red-fort-disturbance-8e526b3956, [b13], [b13]]
    - [twitter, Twitter, platform, topic, [], sawhney, Ajay Prakash Sawhney, reported, differential-treatment, "The secretary: Twitter dealt with the Capitol Hill and the Red Fort events differently", [], reported, [], differential-treatment-about-twitter-324b4fbfcf, [b13], [b13]]
    - [twitter, Twitter, platform, topic, [], government-of-india, Government of India, reported, government-objection, "The government takes strong exception: its notices were not followed", [], reported, [], government-objection-about-twitter-d71c90d622, [a08], [a08]]
    - [twitter, Twitter, platform, example, [entities like Twitter], sawhney, Ajay Prakash Sawhney, reported, law-of-land, "The secretary: responsible companies restate and keep their obedience to the country's law", [], reported, [], law-of-land-about-twitter-b4c80e4750, [b16], [a26, b16]]
    - [farmers-protest, Farmers' protest, event, topic, [], meity, Ministry of Electronics and IT (MeitY), "inferred: ground_is_the_issuers", ministry-reason, "The ministry's reason: the accounts misinformed people about the farmers' protest", [allegedly], reported, [], ministry-reason-about-farmers-protest-a36d3ed3bd, [b05], [b04, b05]]
    - [facebook, Facebook, platform, example, [FB], prasad, Ravi Shankar Prasad, reported, prasad-remark, "The minister: platforms may work in India if they keep to its constitution and laws", [], reported, [], prasad-remark-about-facebook-c5d884b0e7, [a28], [a27, a28]]
    - [linkedin, LinkedIn, platform, example, [LinkedIn], prasad, Ravi Shankar Prasad, reported, prasad-remark, "The minister: platforms may work in India if they keep to its constitution and laws", [], reported, [], prasad-remark-about-linkedin-69605e8901, [a28], [a27, a28]]
    - [twitter, Twitter, platform, example, [Twitter], prasad, Ravi Shankar Prasad, reported, prasad-remark, "The minister: platforms may work in India if they keep to its constitution and laws", [], reported, [], prasad-remark-about-twitter-c0a75925f1, [a28], [a27, a28]]
    - [whatsapp, WhatsApp, platform, example, [WhatsApp], prasad, Ravi Shankar Prasad, reported, prasad-remark, "The minister: platforms may work in India if they keep to its constitution and laws", [], reported, [], prasad-remark-about-whatsapp-5df0e6d8e0, [a28], [a27, a28]]
    - [social-media-platforms, Social media platforms, group of platforms, topic, [all social media platforms], prasad, Ravi Shankar Prasad, reported, prasad-remark, "The minister: platforms may work in India if they keep to its constitution and laws", [], reported, [], prasad-remark-about-social-media-platforms-406bcbadf2, [a27], [a27, a28]]
*/
MATCH (c:Claim)
WHERE c.case = $case AND c.predicate = 'ABOUT' AND c.polarity = 'affirmative'
  AND ($named IS NULL OR c.object = $named) AND ($role IS NULL OR c.role = $role)
WITH c, c.object AS named_id, c.subject AS statement_id
MATCH (x:Entity {id: named_id})
// Platforms, events, and a group that some platform is said to belong to.
WHERE x:Event OR x:Organization AND x.kind = 'platform'
   OR x:Group AND EXISTS { MATCH (x)<-[:MEMBER_OF]-(o:Organization) WHERE o.kind = 'platform' }
MATCH (t:Entity {id: statement_id})
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
WITH c, x, t, statement_id, s, p
ORDER BY p.id
WITH c, x, t, statement_id, collect(DISTINCT s.as_worded) AS as_worded,
     collect(DISTINCT s.hedge) AS hedge, collect(DISTINCT s.rule) AS rule,
     collect(DISTINCT p.id) AS evidence
// Who made the statement is a claim of its own, with its own status and passages.
OPTIONAL MATCH (k:Claim {object: coalesce(statement_id, '')})
WHERE k.predicate = 'MADE' AND k.polarity = 'affirmative'
OPTIONAL MATCH (k)<-[ks:SUPPORTS]-(kp:Passage)
WITH c, x, t, as_worded, hedge, rule, evidence, k, ks, kp
ORDER BY kp.id
WITH c, x, t, as_worded, hedge, rule, evidence, k, k.subject AS maker_id,
     collect(DISTINCT ks.rule) AS maker_rule, collect(DISTINCT kp.id) AS by_evidence
OPTIONAL MATCH (maker:Entity {id: coalesce(maker_id, '')})
WITH c, x, t, as_worded, hedge, rule, evidence, k, maker, maker_rule, by_evidence
WHERE $by IS NULL OR maker.id = $by
RETURN x.id AS named, x.caption AS name,
       CASE WHEN x:Event THEN 'event' WHEN x:Group THEN 'group of platforms' ELSE 'platform' END AS what,
       c.role AS role, as_worded, maker.id AS by, maker.caption AS by_name,
       CASE k.strongest WHEN 'inferred' THEN 'inferred: ' + reduce(r = '', n IN maker_rule |
         r + CASE r WHEN '' THEN '' ELSE ', ' END + n) ELSE k.strongest END AS by_known,
       t.id AS statement, t.gist AS argues, hedge, c.strongest AS status, rule,
       c.id AS claim, evidence, by_evidence
ORDER BY statement, role, named, claim, coalesce(by, '')
