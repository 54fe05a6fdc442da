// A village that argues about a bell. Plainly invented.
UNWIND [
  {id: 'v:ann', case: 'v', caption: 'Ann Reed', name: 'Ann Reed', age: 41, aliases: ['Annie', 'A. Reed'], type: 'Person'},
  {id: 'v:bob', case: 'v', caption: 'Bob Moss', name: 'Bob Moss', age: 35, aliases: [], type: 'Person'},
  {id: 'v:cyd', case: 'v', caption: 'Cyd Fern', name: 'Cyd Fern', aliases: ['Cydney'], type: 'Person'}
] AS row CREATE (n:Entity:Person) SET n = row;
UNWIND [
  {id: 'v:mill', case: 'v', caption: 'The mill', kind: 'company', founded: 1902, type: 'Organization'},
  {id: 'v:inn', case: 'v', caption: 'The inn', kind: 'company', founded: 1888, type: 'Organization'},
  {id: 'v:council', case: 'v', caption: 'Council', kind: 'government', type: 'Organization'}
] AS row CREATE (n:Entity:Organization) SET n = row;
UNWIND [
  {id: 'v:too-loud', case: 'v', caption: 'The bell is too loud', said_on: '1987-05-01', type: 'Statement'},
  {id: 'v:not-loud', case: 'v', caption: 'It is not', said_on: '1987-05-03', type: 'Statement'}
] AS row CREATE (n:Entity:Statement) SET n = row;
CREATE (n:Entity:Order) SET n = {id: 'v:silence', case: 'v', caption: 'Silence the bell', issued_on: '1987-05-02', type: 'Order'};
UNWIND [
  ['v:ann', 'v:mill', 'miller'], ['v:bob', 'v:inn', 'keeper'], ['v:cyd', 'v:council', 'clerk'], ['v:ann', 'v:council', 'member']
] AS row MATCH (a:Entity {id: row[0]}) MATCH (b:Entity {id: row[1]})
CREATE (a)-[:HOLDS_ROLE {claim: row[0] + '-' + row[2], title: row[2], status: 'reported', origins: 1, earliest: '1986-01-01'}]->(b);
UNWIND [['v:bob', 'v:too-loud', 'reported', 2], ['v:ann', 'v:not-loud', 'alleged', 1], ['v:cyd', 'v:too-loud', 'alleged', 1]] AS row
MATCH (a:Entity {id: row[0]}) MATCH (b:Entity {id: row[1]})
CREATE (a)-[:MADE {claim: row[0] + '-made', status: row[2], origins: row[3], earliest: b.said_on}]->(b);
MATCH (a:Entity {id: 'v:council'}) MATCH (o:Entity {id: 'v:silence'})
CREATE (a)-[:ISSUED {claim: 'v:issued', status: 'reported', origins: 2, earliest: '1987-05-02'}]->(o);
MATCH (o:Entity {id: 'v:silence'}) MATCH (m:Entity {id: 'v:mill'})
CREATE (o)-[:ADDRESSED_TO {claim: 'v:addressed', status: 'inferred', origins: 1, earliest: '1987-05-02'}]->(m);
UNWIND [
  {id: 'v:k1', case: 'v', kind: 'figure', subject: 'v:mill', measure: 'size', value: '12', origins: 2, contested: true},
  {id: 'v:k2', case: 'v', kind: 'figure', subject: 'v:mill', measure: 'size', value: '14', origins: 1, contested: true},
  {id: 'v:k3', case: 'v', kind: 'wording', subject: 'v:ann', measure: 'name', value: 'Sir', origins: 1, contested: false}
] AS row CREATE (c:Claim) SET c = row;
UNWIND ['bugle', 'courier'] AS name CREATE (s:Record:Source) SET s = {id: 'v:' + name, case: 'v', caption: name};
UNWIND [['p1', 'bugle', 'v:k1'], ['p2', 'courier', 'v:k1'], ['p3', 'courier', 'v:k2'], ['p4', 'bugle', 'v:k3']] AS row
MATCH (s:Record {id: 'v:' + row[1]}) MATCH (c:Claim {id: row[2]})
CREATE (p:Record:Passage {id: 'v:' + row[0], case: 'v', start: size(row[0])})-[:FROM]->(s)
CREATE (p)-[:SUPPORTS {status: 'reported'}]->(c);
MATCH (a:Claim {id: 'v:k1'}) MATCH (b:Claim {id: 'v:k2'}) CREATE (a)-[:DIFFERS {how: 'value'}]->(b);
CREATE (c:Claim) SET c = {id: 'v:issued', case: 'v', kind: 'relationship'};
