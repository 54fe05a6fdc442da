"""What an analyst's query may call, and what steps a server may run for it: the lists of the guard.

Whatever is not here is refused, on both engines alike.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTIONS: Final = _words(
    """
    all any none single exists isempty coalesce endnode startnode head last id elementid length
    properties size timestamp toboolean tobooleanornull tofloat tofloatornull tointeger
    tointegerornull tostring tostringornull tobooleanlist tofloatlist tointegerlist tostringlist
    type nullif char_length character_length valuetype
    avg collect count max min percentilecont percentiledisc stdev stdevp sum
    keys labels nodes range reduce relationships reverse tail
    abs ceil floor isnan rand round sign e exp log log10 sqrt acos asin atan atan2 cos cot degrees
    haversin pi radians sin tan
    btrim left lower ltrim normalize replace right rtrim split substring tolower toupper trim upper
    date datetime localdatetime localtime time duration
    date.truncate datetime.truncate localdatetime.truncate duration.between duration.inmonths
    duration.indays duration.inseconds
    point point.distance point.withinbbox
    shortestpath allshortestpaths
    """
)
"""Functions of the Cypher language that both engines may be asked for, in small letters."""

PROCEDURES: Final = frozenset(
    {"db.labels", "db.relationshiptypes", "db.propertykeys", "db.index.fulltext.querynodes"}
)
"""Procedures that may be called, in small letters. They only read this database."""

OPERATORS: Final = _words(
    """
    AllNodesScan PartitionedAllNodesScan NodeByLabelScan PartitionedNodeByLabelScan
    UnionNodeByLabelsScan PartitionedUnionNodeByLabelsScan IntersectionNodeByLabelsScan
    PartitionedIntersectionNodeByLabelsScan SubtractionNodeByLabelsScan
    PartitionedSubtractionNodeByLabelsScan DynamicLabelNodeLookup
    DynamicDirectedRelationshipTypeLookup DynamicUndirectedRelationshipTypeLookup NodeByIdSeek
    NodeByElementIdSeek NodeIndexSeek PartitionedNodeIndexSeek NodeUniqueIndexSeek
    NodeUniqueIndexSeekByRange MultiNodeIndexSeek AssertingMultiNodeIndexSeek NodeIndexSeekByRange
    PartitionedNodeIndexSeekByRange NodeIndexScan PartitionedNodeIndexScan NodeIndexContainsScan
    NodeIndexEndsWithScan DirectedRelationshipTypeScan UndirectedRelationshipTypeScan
    PartitionedDirectedRelationshipTypeScan PartitionedUndirectedRelationshipTypeScan
    DirectedUnionRelationshipTypesScan UndirectedUnionRelationshipTypesScan
    PartitionedDirectedUnionRelationshipTypesScan PartitionedUndirectedUnionRelationshipTypesScan
    DirectedAllRelationshipsScan UndirectedAllRelationshipsScan
    PartitionedDirectedAllRelationshipsScan PartitionedUndirectedAllRelationshipsScan
    DirectedRelationshipIndexSeek UndirectedRelationshipIndexSeek
    PartitionedDirectedRelationshipIndexSeek PartitionedUndirectedRelationshipIndexSeek
    DirectedRelationshipUniqueIndexSeek UndirectedRelationshipUniqueIndexSeek
    DirectedRelationshipIndexSeekByRange UndirectedRelationshipIndexSeekByRange
    DirectedRelationshipUniqueIndexSeekByRange UndirectedRelationshipUniqueIndexSeekByRange
    PartitionedDirectedRelationshipIndexSeekByRange
    PartitionedUndirectedRelationshipIndexSeekByRange DirectedRelationshipIndexScan
    UndirectedRelationshipIndexScan PartitionedDirectedRelationshipIndexScan
    PartitionedUndirectedRelationshipIndexScan DirectedRelationshipIndexContainsScan
    UndirectedRelationshipIndexContainsScan DirectedRelationshipIndexEndsWithScan
    UndirectedRelationshipIndexEndsWithScan DirectedRelationshipByIdSeek
    UndirectedRelationshipByIdSeek DirectedRelationshipByElementIdSeek
    UndirectedRelationshipByElementIdSeek Apply SemiApply AntiSemiApply Anti SelectOrSemiApply
    SelectOrAntiSemiApply LetSemiApply LetAntiSemiApply LetSelectOrSemiApply
    LetSelectOrAntiSemiApply ConditionalApply AntiConditionalApply RollUpApply Argument
    ArgumentTracker RepeatOptions Expand(All) Expand(Into) OptionalExpand(All) OptionalExpand(Into)
    ProjectEndpoints VarLengthExpand(All) VarLengthExpand(Into) VarLengthExpand(Pruning)
    VarLengthExpand(Pruning,BFS) VarLengthExpand(Pruning,BFS,All) VarLengthExpand(Pruning,BFS,Into)
    Repeat(Trail) Repeat(Walk) BidirectionalRepeat(Trail) StatefulShortestPath
    StatefulShortestPath(All) StatefulShortestPath(Into) ShortestPath SimulatedNodeScan
    PathPropagatingBFS AssertSameNode AssertSameRelationship NodeHashJoin ValueHashJoin
    ValueMergeJoin NodeLeftOuterHashJoin NodeRightOuterHashJoin TriadicSelection TriadicBuild
    TriadicFilter CartesianProduct Union OrderedUnion Eager Optional Projection Filter Distinct
    OrderedDistinct Limit ExhaustiveLimit Skip Sort PreserveOrder PartialSort Top PartialTop
    Top1WithTies EagerAggregation OrderedAggregation Unwind PartitionedUnwind ProduceResults
    ProcedureCall NodeCountFromCountStore RelationshipCountFromCountStore CacheProperties
    RemoteBatchProperties RemoteBatchPropertiesWithFilter Input NullifyMetadata
    """
)
"""Operators that read this database and nothing else, as plans of Neo4j 5.26 and 2026 name them."""
