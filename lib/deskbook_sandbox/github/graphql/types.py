"""The part of GitHub's GraphQL schema that a project board needs: types with their fields, arguments and members."""

from __future__ import annotations

from deskbook_sandbox.github.graphql.execution import schema

_PAGED = "first,last,after,before"
_NODE_TYPES = "Issue PullRequest ProjectV2 ProjectV2Item Repository Organization User"
_FIELD_TYPES = "ProjectV2Field ProjectV2SingleSelectField ProjectV2IterationField"
_VALUE_TYPES = (
    "ProjectV2ItemFieldTextValue ProjectV2ItemFieldNumberValue ProjectV2ItemFieldSingleSelectValue"
    " ProjectV2ItemFieldIterationValue"
)
_CONNECTED = (
    "Issue",
    "Label",
    "User",
    "ProjectV2",
    "ProjectV2Item",
    "ProjectV2FieldConfiguration",
    "ProjectV2ItemFieldValue",
    "IssueComment",
)
_EVENT = "id createdAt actor:Actor assignee:Assignee"
_FIELD = "id databaseId name dataType createdAt updatedAt project:ProjectV2"
_VALUE = "id databaseId createdAt updatedAt field:ProjectV2FieldConfiguration item:ProjectV2Item"
_ISSUE = (
    "id fullDatabaseId databaseId number title body url state stateReason closed closedAt createdAt updatedAt"
    " author:Actor repository:Repository"
    f" labels({_PAGED}):LabelConnection assignees({_PAGED}):UserConnection"
    f" comments({_PAGED}):IssueCommentConnection"
    f" projectItems({_PAGED},includeArchived):ProjectV2ItemConnection"
)
_OWNER = f"id login name url databaseId projectV2(number!):ProjectV2 projectsV2({_PAGED},query):ProjectV2Connection"

TYPES = schema(
    {
        "Query": "viewer:User rateLimit(dryRun):RateLimit node(id!):Node nodes(ids!):Node"
        " organization(login!):Organization user(login!):User repository(owner!,name!,followRenames):Repository"
        " resource(url!):UniformResourceLocatable",
        "Mutation": "addProjectV2ItemById(input!):AddProjectV2ItemByIdPayload"
        " updateProjectV2ItemFieldValue(input!):UpdateProjectV2ItemFieldValuePayload"
        " clearProjectV2ItemFieldValue(input!):ClearProjectV2ItemFieldValuePayload"
        " deleteProjectV2Item(input!):DeleteProjectV2ItemPayload",
        "AddProjectV2ItemByIdPayload": "clientMutationId item:ProjectV2Item",
        "UpdateProjectV2ItemFieldValuePayload": "clientMutationId projectV2Item:ProjectV2Item",
        "ClearProjectV2ItemFieldValuePayload": "clientMutationId projectV2Item:ProjectV2Item",
        "DeleteProjectV2ItemPayload": "clientMutationId deletedItemId",
        "RateLimit": "limit cost remaining used resetAt nodeCount",
        "PageInfo": "hasNextPage hasPreviousPage startCursor endCursor",
        "Node": "id",
        "Actor": "login url",
        "RepositoryOwner": "id login url",
        "ProjectV2Owner": f"id projectV2(number!):ProjectV2 projectsV2({_PAGED},query):ProjectV2Connection",
        "UniformResourceLocatable": "url",
        "Organization": _OWNER,
        "User": _OWNER + " email",
        "Repository": "id databaseId name nameWithOwner url owner:RepositoryOwner"
        f" issue(number!):Issue issues({_PAGED},labels,states):IssueConnection"
        f" projectV2(number!):ProjectV2 projectsV2({_PAGED},query):ProjectV2Connection",
        "Issue": f"{_ISSUE} timelineItems({_PAGED},itemTypes):IssueTimelineItemsConnection",
        "PullRequest": _ISSUE.replace(" stateReason", ""),
        "IssueComment": "id databaseId body url createdAt updatedAt author:Actor",
        "Label": "id name color description",
        "IssueTimelineItemsConnection": "nodes:IssueTimelineItems edges:IssueTimelineItemsEdge pageInfo:PageInfo",
        "IssueTimelineItemsEdge": "cursor node:IssueTimelineItems",
        "IssueTimelineItems": "",
        "AssignedEvent": _EVENT,
        "UnassignedEvent": _EVENT,
        "Assignee": "",
        "ProjectV2": "id fullDatabaseId databaseId number title shortDescription url closed public createdAt updatedAt"
        f" owner:ProjectV2Owner fields({_PAGED}):ProjectV2FieldConfigurationConnection"
        f" field(name!):ProjectV2FieldConfiguration items({_PAGED}):ProjectV2ItemConnection",
        "ProjectV2FieldConfiguration": "",
        "ProjectV2FieldCommon": _FIELD,
        "ProjectV2Field": _FIELD,
        "ProjectV2SingleSelectField": f"{_FIELD} options(names):ProjectV2SingleSelectFieldOption",
        "ProjectV2SingleSelectFieldOption": "id name color description",
        "ProjectV2IterationField": f"{_FIELD} configuration:ProjectV2IterationFieldConfiguration",
        "ProjectV2IterationFieldConfiguration": "duration startDay iterations:ProjectV2IterationFieldIteration"
        " completedIterations:ProjectV2IterationFieldIteration",
        "ProjectV2IterationFieldIteration": "id title startDate duration",
        "ProjectV2Item": "id fullDatabaseId databaseId type isArchived createdAt updatedAt creator:Actor"
        " project:ProjectV2 content:ProjectV2ItemContent"
        f" fieldValues({_PAGED}):ProjectV2ItemFieldValueConnection"
        " fieldValueByName(name!):ProjectV2ItemFieldValue",
        "ProjectV2ItemContent": "",
        "ProjectV2ItemFieldValue": "",
        "ProjectV2ItemFieldValueCommon": _VALUE,
        "ProjectV2ItemFieldTextValue": f"{_VALUE} text",
        "ProjectV2ItemFieldNumberValue": f"{_VALUE} number",
        "ProjectV2ItemFieldSingleSelectValue": f"{_VALUE} name optionId color description",
        "ProjectV2ItemFieldIterationValue": f"{_VALUE} iterationId title startDate duration",
        **{f"{name}Connection": f"totalCount nodes:{name} edges:{name}Edge pageInfo:PageInfo" for name in _CONNECTED},
        **{f"{name}Edge": f"cursor node:{name}" for name in _CONNECTED},
    },
    {
        "Node": f"{_NODE_TYPES} {_FIELD_TYPES} {_VALUE_TYPES} Label IssueComment AssignedEvent UnassignedEvent",
        "Actor": "User Organization",
        "Assignee": "User Organization",
        "IssueTimelineItems": "AssignedEvent UnassignedEvent",
        "RepositoryOwner": "User Organization",
        "ProjectV2Owner": "User Organization",
        "UniformResourceLocatable": "Issue PullRequest Repository User Organization",
        "ProjectV2ItemContent": "Issue PullRequest",
        "ProjectV2FieldConfiguration": _FIELD_TYPES,
        "ProjectV2FieldCommon": _FIELD_TYPES,
        "ProjectV2ItemFieldValue": _VALUE_TYPES,
        "ProjectV2ItemFieldValueCommon": _VALUE_TYPES,
    },
)
