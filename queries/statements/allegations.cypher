/*
title: Allegations, and what was answered
question: Who is alleged to have done what, by whom, and with what answer?
category: Statements
params:
  - {name: said_by, type: entity, label: Alleged by, required: false}
  - {name: against, type: entity, label: Alleged of, required: false}
columns:
  - {name: said_by, type: entity}
  - {name: said_by_name, type: text}
  - {name: against, type: list}
  - {name: alleged, type: text}
  - {name: as_reason_for, type: text}
  - {name: said_in, type: list}
  - {name: hedge, type: list}
  - {name: quoted, type: bool}
  - {name: sources, type: list}
  - {name: status, type: text}
  - {name: answer, type: list}
  - {name: evidence, type: evidence}
view: table
example: {}
expect:
  count: 19
  rows:
    - [sawhney, Ajay Prakash Sawhney, [Twitter], "complied unwillingly, grudgingly, with great delay", null, ["Complaint of grudging, late compliance"], [], true, [Article A, Article B], alleged, [no answer is reported], [a24, b11]]
    - [sawhney, Ajay Prakash Sawhney, [Twitter], complied with the substantial parts, null, ["Complaint of grudging, late compliance"], [], true, [Article A, Article B], alleged, [no answer is reported], [a24, b11]]
    - [sawhney, Ajay Prakash Sawhney, [Twitter], differential treatment, null, [Complaint of differential treatment], [], true, [Article B], alleged, [no answer is reported], [b13]]
    - [government-of-india, Government of India, ["Accounts flagged in two orders (1,435)"], "Accounts flagged in two orders (1,435) used Hashtag farmers genocide", null, ["Centre's reason for the orders"], [], false, [Article A], alleged, [no answer is reported], [a06]]
    - [government-of-india, Government of India, [Accounts in the first order (257)], spreading inflammatory hashtags, First account order (257 accounts), ["Centre's reason for the orders"], [], false, [Article A], alleged, [no answer is reported], [a06]]
    - [government-of-india, Government of India, [Accounts in the first order (257)], supporting pro-Khalistan agenda, First account order (257 accounts), ["Centre's reason for the orders"], [], false, [Article A], alleged, [no answer is reported], [a07]]
    - [government-of-india, Government of India, [Accounts in the first order (257)], supporting pro-Pakistan agenda, First account order (257 accounts), ["Centre's reason for the orders"], [], false, [Article A], alleged, [no answer is reported], [a07]]
    - [government-of-india, Government of India, ["Accounts in the second order (1,178)"], spreading inflammatory hashtags, "Second account order (1,178 accounts)", ["Centre's reason for the orders"], [], false, [Article A], alleged, [no answer is reported], [a06]]
    - [government-of-india, Government of India, ["Accounts in the second order (1,178)"], supporting pro-Khalistan agenda, "Second account order (1,178 accounts)", ["Centre's reason for the orders"], [], false, [Article A], alleged, [no answer is reported], [a07]]
    - [government-of-india, Government of India, ["Accounts in the second order (1,178)"], supporting pro-Pakistan agenda, "Second account order (1,178 accounts)", ["Centre's reason for the orders"], [], false, [Article A], alleged, [no answer is reported], [a07]]
    - [government-of-india, Government of India, [Accounts the government calls fake or bots], "fake, unverified, anonymous and automated", null, [Doubts over fake and bot accounts], [], true, [Article B], alleged, [no answer is reported], [b23]]
    - [government-of-india, Government of India, [Twitter], allowed fake and automated accounts, null, [Doubts over fake and bot accounts], [], false, [Article B], alleged, [no answer is reported], [b23]]
    - [government-of-india, Government of India, [Twitter], commitment to transparency in doubt, null, [Doubts over fake and bot accounts], [], false, [Article B], alleged, [no answer is reported], [b23]]
    - [government-of-india, Government of India, [Twitter], non compliance, "Objection to Twitter's non-compliance", ["Objection to Twitter's non-compliance"], [], false, [Article A], alleged, [no answer is reported], [a08]]
    - [government-of-india, Government of India, [Twitter], non compliance, Rebuke to Twitter for non-compliance, [Rebuke to Twitter for non-compliance], [], false, [Article B], alleged, [no answer is reported], [b02]]
    - [meity, Ministry of Electronics and IT (MeitY), [Accounts in the first order (257)], spreading misinformation on farmers' protest, First account order (257 accounts), ["Ministry's reason for the orders"], [allegedly], false, [Article B], alleged, [no answer is reported], [b05]]
    - [meity, Ministry of Electronics and IT (MeitY), ["Accounts in the second order (1,178)"], spreading misinformation on farmers' protest, "Second account order (1,178 accounts)", ["Ministry's reason for the orders"], [allegedly], false, [Article B], alleged, [no answer is reported], [b05]]
    - [twitter, Twitter, [Accounts suspended (over 500)], violating its rules, Permanent suspension of over 500, ["Twitter's confirmation of its measures"], [], false, [Article A, Article B], alleged, [no answer is reported], [a17, b17]]
    - [twitter, Twitter, [Tweets made less visible], harmful content, null, [], [], true, [Article A], alleged, [no answer is reported], [a16]]
*/
MATCH (c:Claim)
WHERE c.case = $case AND c.weakest = 'alleged'
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
WHERE s.status = 'alleged' AND ($said_by IS NULL OR s.said_by = $said_by)
MATCH (p)-[:FROM]->(src:Source)
WITH c, s.said_by AS speaker_id, s, p, src ORDER BY p.id
WITH c, speaker_id, collect(p.id) AS found, collect(DISTINCT s.hedge) AS hedge,
  collect(s.quoted) AS quotes, collect(DISTINCT src.caption) AS sources
MATCH (speaker:Entity {id: speaker_id})
WITH c, c.subject AS subject_id, speaker_id, speaker, found, hedge, quotes, sources
MATCH (subject:Entity {id: subject_id})
// Of whom: a reason given for an order or a measure speaks of those whom it reaches, one that goes
// with a statement of those whom that is addressed to or about.
CALL (subject_id, subject) {
  OPTIONAL MATCH (d:Claim {subject: coalesce(subject_id, '')})
  WHERE d.polarity = 'affirmative' AND (d.predicate IN ['FLAGS', 'APPLIED_TO']
    OR subject:Statement AND d.predicate = 'ADDRESSED_TO'
    OR d.predicate = 'ABOUT' AND d.role = 'topic')
  WITH DISTINCT d.object AS object_id
  OPTIONAL MATCH (e:Entity {id: coalesce(object_id, '')})
  WHERE e:Person OR e:Organization OR e:Group OR e:Account
  WITH e ORDER BY e.caption, e.id
  RETURN collect(e.caption) AS reached, collect(e.id) AS reached_ids
}
WITH c, subject_id, subject, speaker_id, speaker, found, hedge, quotes, sources,
  CASE WHEN c.kind = 'ground' AND size(reached) > 0 THEN reached ELSE [subject.caption] END
    AS against,
  CASE WHEN c.kind = 'ground' THEN reached_ids ELSE [] END + [subject_id] AS against_ids
WHERE $against IS NULL OR $against IN against_ids
// Said in: the speaker's statement that stands in the same passage.
CALL (speaker_id, found) {
  UNWIND found AS passage_id
  MATCH (q:Record {id: passage_id})
  MATCH (q)-[:SUPPORTS]->(m:Claim)
  WHERE m.predicate = 'MADE' AND m.polarity = 'affirmative' AND m.subject = speaker_id
  WITH DISTINCT m.object AS statement_id
  MATCH (st:Entity {id: statement_id})
  WITH st ORDER BY st.caption, st.id
  RETURN collect(st.caption) AS said_in, collect(st.id) AS said_in_ids
}
// Answered: by what a source says responds to that statement, or by a denial of the claim itself.
CALL (c, said_in_ids) {
  UNWIND said_in_ids AS statement_id
  MATCH (r:Claim {object: statement_id})
  WHERE r.predicate = 'ANSWERS' AND r.polarity = 'affirmative'
  WITH r, r.subject AS answer_id
  MATCH (e:Entity {id: answer_id})
  RETURN r, e.caption AS words
  UNION
  MATCH (c)-[f:DIFFERS]-(r:Claim)
  WHERE f.how = 'polarity'
  RETURN r, r.sentence AS words
  UNION
  UNWIND [null] AS r
  RETURN r, null AS words
}
OPTIONAL MATCH (r)<-[rs:SUPPORTS]-(rp:Passage)
WITH c, subject, speaker, found, hedge, quotes, sources, against, said_in, rp.id AS answered_in,
  words + CASE rs.status WHEN 'reported' THEN '' ELSE ' (' + rs.status + ')' END AS words
ORDER BY words, answered_in
WITH c, subject, speaker, found, hedge, quotes, sources, against, said_in,
  collect(DISTINCT words) AS answers, collect(answered_in) AS answered_in
UNWIND found + answered_in AS passage
WITH c, subject, speaker, hedge, quotes, sources, against, said_in, answers, passage
ORDER BY passage
WITH c, subject, speaker, hedge, quotes, sources, against, said_in, answers,
  collect(DISTINCT passage) AS evidence
RETURN speaker.id AS said_by, speaker.caption AS said_by_name, against,
  CASE
    WHEN c.polarity = 'negative' THEN c.sentence
    WHEN c.kind = 'ground' THEN replace(c.value, '_', ' ')
    WHEN c.kind = 'characterisation' THEN c.value
    ELSE c.sentence
  END AS alleged,
  CASE c.kind WHEN 'ground' THEN subject.caption END AS as_reason_for, said_in, hedge,
  any(q IN quotes WHERE q) AS quoted, sources, 'alleged' AS status,
  CASE WHEN size(answers) = 0 THEN ['no answer is reported'] ELSE answers END AS answer, evidence
ORDER BY said_by_name, said_by, against[0], coalesce(as_reason_for, ''), alleged, c.id
