/*
title: Laws and principles invoked
question: Which laws, policies and principles are invoked, by whom, and in which sense?
category: Law
params:
  - {name: law, type: entity, label: Law or principle, required: false}
  - {name: by, type: entity, label: Invoked by, required: false}
  - {name: sense, type: choice, label: In which sense, choices: [relies_on, limits, says_violated, demands_compliance], required: false}
columns:
  - {name: law, type: entity}
  - {name: law_name, type: text}
  - {name: kind, type: text}
  - {name: sense, type: text}
  - {name: by, type: entity}
  - {name: by_name, type: text}
  - {name: by_known, type: text}
  - {name: through, type: entity}
  - {name: through_name, type: text}
  - {name: hedge, type: list}
  - {name: said_by, type: list}
  - {name: status, type: text}
  - {name: rule, type: list}
  - {name: claim, type: claim}
  - {name: evidence, type: evidence}
  - {name: by_evidence, type: evidence}
view: table
example: {}
expect:
  count: 16
  rows:
    - [country-withheld-content, Country Withheld Content policy, platform policy, relies on it, twitter, Twitter, reported, withheld, Withholding in India of a portion, [], [Twitter], reported, [], withheld-invokes-country-withheld-content-f1cab4c098, [a18], [a18, b18, b19]]
    - [freedom-of-expression, Freedom of expression, principle, sets limits to it, sawhney, Ajay Prakash Sawhney, reported, expression-limits, Free expression has limits, [], [Ajay Prakash Sawhney], reported, [], expression-limits-invokes-freedom-of-expression-97c8fd51db, [b15], [b15]]
    - [freedom-of-expression, Freedom of expression, principle, sets limits to it, government-of-india, Government of India, "inferred: speaker_carried_over", neither-freedom, Such a hashtag is no free expression, [], [Government of India], inferred, [speaker_carried_over], neither-freedom-invokes-freedom-of-expression-f0c4ed02de, [b24], [b24]]
    - [freedom-of-expression, Freedom of expression, principle, relies on it, twitter, Twitter, reported, twitter-denial, Denial of action on press and politics, [], [Twitter], reported, [], twitter-denial-invokes-freedom-of-expression-f381137c93, [b20], [b21]]
    - [indian-constitution, Constitution of India, constitution, demands compliance with it, prasad, Ravi Shankar Prasad, reported, prasad-remark, Prasad's remark in the Rajya Sabha, [], [Ravi Shankar Prasad], reported, [], prasad-remark-invokes-indian-constitution-21a5040f77, [a28], [a27, a28]]
    - [indian-constitution, Constitution of India, constitution, relies on it, sawhney, Ajay Prakash Sawhney, "inferred: speaker_carried_over", laws-supreme, Constitution and laws come first, [], [Ajay Prakash Sawhney], reported, [], laws-supreme-invokes-indian-constitution-c173a1ae6b, [a25], [a25]]
    - [indian-law, Indian law, body of law, demands compliance with it, sawhney, Ajay Prakash Sawhney, reported, law-of-land, Call to comply with the law of the land, [], [Ajay Prakash Sawhney], inferred, [law_of_land_is_indian_law], law-of-land-invokes-indian-law-9ae4d20f60, [a26, b16], [a26, b16]]
    - [indian-law, Indian law, body of law, demands compliance with it, prasad, Ravi Shankar Prasad, reported, prasad-remark, Prasad's remark in the Rajya Sabha, [], [Ravi Shankar Prasad], reported, [], prasad-remark-invokes-indian-law-5e4a32a246, [a27, a28], [a27, a28]]
    - [indian-law, Indian law, body of law, relies on it, sawhney, Ajay Prakash Sawhney, "inferred: speaker_carried_over", laws-supreme, Constitution and laws come first, [], [Ajay Prakash Sawhney], reported, [], laws-supreme-invokes-indian-law-d2a73451c7, [a25], [a25]]
    - [indian-law, Indian law, body of law, says it is violated, twitter, Twitter, reported, twitter-reason, Twitter's reason for only withholding, [we do not believe], [Twitter], reported, [], twitter-reason-invokes-indian-law-d9a01f45bb, [b19], [b19]]
    - [journalistic-freedom, Journalistic freedom, principle, sets limits to it, government-of-india, Government of India, "inferred: speaker_carried_over", neither-freedom, Such a hashtag is no free expression, [], [Government of India], inferred, [speaker_carried_over], neither-freedom-invokes-journalistic-freedom-eba83cdc09, [b24], [b24]]
    - [protected-speech, Protected speech, principle, relies on it, twitter, Twitter, reported, twitter-denial, Denial of action on press and politics, [], [Twitter], reported, [], twitter-denial-invokes-protected-speech-e8ebdaac12, [b20], [b21]]
    - [reasonable-restrictions, Reasonable restrictions, principle, relies on it, sawhney, Ajay Prakash Sawhney, reported, expression-limits, Free expression has limits, [], [Ajay Prakash Sawhney], reported, [], expression-limits-invokes-reasonable-restrictions-ab4e0bfe2e, [b15], [b15]]
    - [right-to-free-expression, Fundamental right to free expression, principle, says it is violated, twitter, Twitter, reported, twitter-denial, Denial of action on press and politics, [we believe], [Twitter], reported, [], twitter-denial-invokes-right-to-free-expression-3fceb6c09f, [b22], [b21]]
    - [transparency, Transparency and healthy conversation, principle, relies on it, government-of-india, Government of India, reported, bot-doubts, Doubts over fake and bot accounts, [], [Government of India], reported, [], bot-doubts-invokes-transparency-688d8a2d45, [b23], [b23]]
    - [twitter-rules, Twitter's rules, platform policy, says it is violated, twitter, Twitter, reported, suspended, Permanent suspension of over 500, [], [Twitter], reported, [], suspended-invokes-twitter-rules-68fd657f53, [a17, b17], [a17, b17]]
*/
MATCH (c:Claim)
WHERE c.case = $case AND c.predicate = 'INVOKES' AND c.polarity = 'affirmative'
  AND ($law IS NULL OR c.object = $law) AND ($sense IS NULL OR c.sense = $sense)
WITH c, c.object AS law_id, c.subject AS through_id
MATCH (law:Entity {id: law_id})
MATCH (x:Entity {id: through_id})
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
WITH c, law, x, through_id, s, p, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
WITH c, law, x, through_id, s, p, speaker
ORDER BY p.id
WITH c, law, x, through_id, collect(DISTINCT s.hedge) AS hedge, collect(DISTINCT s.rule) AS rule,
     collect(DISTINCT speaker.caption) AS said_by, collect(DISTINCT p.id) AS evidence
// Who invokes is who made the statement, took the measure or issued the order: claims of their own.
OPTIONAL MATCH (k:Claim {object: coalesce(through_id, '')})
WHERE k.predicate IN ['MADE', 'TOOK', 'ISSUED'] AND k.polarity = 'affirmative'
OPTIONAL MATCH (k)<-[ks:SUPPORTS]-(kp:Passage)
WITH c, law, x, hedge, rule, said_by, evidence, k, ks, kp
ORDER BY kp.id
WITH c, law, x, hedge, rule, said_by, evidence, k, k.subject AS maker_id,
     collect(DISTINCT ks.rule) AS maker_rule, collect(DISTINCT kp.id) AS by_evidence
OPTIONAL MATCH (maker:Entity {id: coalesce(maker_id, '')})
WITH c, law, x, hedge, rule, said_by, evidence, k, maker, maker_rule, by_evidence
WHERE $by IS NULL OR maker.id = $by
RETURN law.id AS law, law.caption AS law_name, replace(law.kind, '_', ' ') AS kind,
       CASE c.sense WHEN 'relies_on' THEN 'relies on it' WHEN 'limits' THEN 'sets limits to it'
                    WHEN 'says_violated' THEN 'says it is violated'
                    ELSE 'demands compliance with it' END AS sense,
       maker.id AS by, maker.caption AS by_name,
       CASE k.strongest WHEN 'inferred' THEN 'inferred: ' + reduce(t = '', n IN maker_rule |
         t + CASE t WHEN '' THEN '' ELSE ', ' END + n) ELSE k.strongest END AS by_known,
       x.id AS through, x.caption AS through_name,
       hedge, said_by, c.strongest AS status, rule, c.id AS claim, evidence, by_evidence
ORDER BY law, c.sense, through, claim, coalesce(by, '')
