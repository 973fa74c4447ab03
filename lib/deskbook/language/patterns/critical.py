"""What needs a fix inside the sprint: the examples of the impact Critical, as a failure and as a change."""

from __future__ import annotations

from deskbook.language.phrase_search import Pattern as P

CRITICAL = (
    P(
        "an image reference",
        "ImagePullBackOff|ErrImagePull|manifest_unknown|back-off_pulling|image_reference|image_ref|"
        "image_tag|image_tags|imagepull*|invalidimagename / "
        "image ..4 tag|tags|reference|digest|sha|not_found|cannot_be_pulled|missing / "
        "tag|digest|sha ..4 image|images / "
        "pull|pulling|pulled ..4 image / "
        "new|newer|latest|update|bump|switch|pin ..2 image|tag|digest / "
        "update|bump|upgrade|change|switch|point|set|cambiar|changer ..4 image|imagen|tag / "
        "image|imagen ..4 update|updated|bump|bumped|upgrade|upgraded|produccion / "
        "etiqueta|etiquette ..4 image|imagen / "
        "quay|ghcr|docker|dockerhub / "
        "image|images ..3 old|previous|rollback|roll|latest|built|rebuilt|commit|stale|outdated / "
        "old|previous|stale|wrong|rebuilt|last|different image|images / "
        "container|docker image|images",
        "Please update the image tag to 2026.11",
    ),
    P(
        "a profile",
        "profile|profiles|profillist|profile_list|profil|perfil|perfiles|server_option|server_options|"
        "server_size|server_sizes|machine_type|machine_types|instance_type|instance_types|"
        "resource_option|resource_options|machine_options|memory_options|node_options|spawn_options|"
        "spawner_options|spawn_page|options_page|menu_of_servers / "
        "i_only_see|no_longer_see ..6 choices|options|small|medium|large / "
        "choices|options ..3 server|start|spawn / "
        "options|option|choice|choices|dropdown|drop-down|menu|selection ..5 server|servers|machine|gpu|"
        "size|sizes|memory|start|spawn|image|images / "
        "server|servers|machine|gpu|size|memory|resource|image ..3 option|options|choice|choices|"
        "dropdown|menu|selection|list",
        "The profile list misses one choice",
    ),
    P(
        "a user's storage limit",
        "storage ..2 limit|limits|quota|quotas|full / "
        "quota|quotas|disk_quota|quota_exceeded|kontingent|cuota|speicherlimit / "
        "home ..2 limit|limits|quota|size|full / "
        "disk|home|directory|folder|account|storage|space ..3 full|limit|exceeded|raised|increased|"
        "increase|erhohen / "
        "no_space_left|no_space|no_disk_space|espace_disque|sin_espacio|out_of_space|out_of_disk|enospc|"
        "errno_28 / "
        "more|larger|bigger|extra|additional ..2 storage|space|disk / "
        "# gb|gib|tb ..4 home|storage|disk|space / "
        "# gb|gib|tb ..2 per|each|instead|is|limit / "
        "{resource} ..2 home|homes|user|users / "
        "home|homes ..4 # / "
        "storage|space|disk ..3 user|users|home|homes|student|students / "
        "speicherplatz|plus_d' espace",
        "Please raise the storage quota of Otto",
    ),
)
# Only where it fails: an admin who asks how to open it is no case for the sprint.
MONITORING = (
    P(
        "monitoring",
        "grafana|prometheus|alertmanager|dashboards|dashboard|panel|panels|metrics|monitoring|tableros|"
        "tableau_de_bord|tableaux_de_bord|datasource|data_source / "
        "usage|active|user|cost|memory|cpu|users ..1 graph|graphs|chart|charts|plot|statistics_page|"
        "numbers / "
        "graph|graphs ..3 claims|shows|says|empty|blank|flat|zero|stopped|missing / "
        "graph|graphs|chart|charts|plots|plotted|alerts|alerting|usage_report|usage_page|usage_data|"
        "user_counts|usage_statistics|loki|telemetry",
        "Grafana shows nothing",
    ),
)
OTHER_PANELS = (
    P(
        "a panel of something else",
        "dask|voila|panel_app|streamlit|bokeh / admin|control|launcher|side|left|settings ..1 panel|list",
        "The dask dashboard gives a 404",
    ),
)
# Whether these need the sprint depends on who is kept from what.
DEPENDS = (
    P(
        "access to a bucket",
        "bucket|buckets|s3|gcs|gs|object_storage|blob_storage|scratch_bucket|persistent_bucket / AccessDenied",
        "We cannot write into our bucket",
    ),
    P(
        "authentication",
        "oauth|cilogon|auth0|orcid|keycloak|saml|sso|single_sign-on|shibboleth|identity_provider|idp|"
        "authenticator|authentication|authenticate|login_method|login_provider|google_login|github_login|"
        "email_domain|e-mail_domain / "
        "login|log_in|sign_in ..3 with|through|via|using|by ..3 google|github|orcid|cilogon|university|"
        "institutional|email|sso|globus|microsoft / "
        "switch|change|move ..4 login|authentication|auth|github|orcid|cilogon / "
        "anmeldung ..2 uber|mit / "
        "connexion ..2 via|avec",
        "We would like to log in with ORCID",
    ),
    P(
        "authorisation",
        "authorization|authorisation|authorized|authorised|allowlist|allow_list|whitelist|github_team|"
        "github_org|github_organization / "
        "restrict|limit|open ..4 team|org|group|members|access|users / "
        "whole_org|whole_organization|everyone_in_the_org / "
        "group_membership|admin_team / "
        "not ..1 allowed|authorized|authorised / "
        "account_not_allowed",
        "Restrict the hub to one GitHub team",
    ),
)
