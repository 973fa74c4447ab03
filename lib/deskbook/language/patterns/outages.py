"""What people say of an outage, of one person's trouble, and of outages that are past, planned, feared or elsewhere."""

from __future__ import annotations

from deskbook.language.phrase_search import Pattern as P

# The hub itself is gone: an outage, though no word says who is affected.
GONE = (
    P(
        "the hub is down",
        "{hub} ..3 {is} ..3 {gone}|down / "
        "< ..3 is|are|seems|appears|has_been|went|keeps ..3 down|offline|dead > / "
        "< ..3 is|are|seems|appears|has_been|went ..2 down|offline since|again|now|today|right|"
        "completely|for",
        "Our hub seems to be completely down",
    ),
    P(
        "nobody can",
        "{nobody} ..4 can|could|able|manages|manage|reaches|reach|gets|get|succeeds|started|starts ..4 "
        "{enter}|in|on|onto|past|through / "
        "isn't|can't|cannot|is|not ..2 {anybody} ..3 {enter}|able|in / "
        "{nobody} ..2 gets|get|has|have|had|sees|receives ..2 kernel|server|notebook|files|connection|"
        "session|access|page|anything / "
        "isn't|aren't|not ..3 for {anybody} / "
        "not ..2 for any|all ..2 of|users|students|members",
        "Nobody can get onto the hub",
    ),
    P(
        "the hub went away",
        "{hub} ..2 went|goes|going|kept|keeps ..1 down|offline|dark|away / "
        "{hub} ..2 died|crashed|collapsed|vanished|disappeared / "
        "{hub} ..4 died / "
        "login|access|saving|logging_in|work ..2 impossible|not_possible",
        "The hub went offline at noon",
    ),
    P(
        "hub down, without a verb",
        "{hub} ..1 down|offline|dead|unreachable|inaccessible|unavailable|unresponsive|gone|broken|kaputt|outage",
        "Hub down",
    ),
    P(
        "a name and down, as a subject",
        "< ..3 down|offline|unreachable|inaccessible|unresponsive >",
        "Tundra offline",
    ),
    P(
        "is the hub down?",
        "is|are ..3 {hub} ..3 down|offline|dead|up|alive|unreachable|unavailable|working|running ?",
        "Is the hub down?",
    ),
    P(
        "inaccessible",
        "is|are|be|been|became|becomes|seems|appears|still|completely|totally ..2 unreachable|"
        "inaccessible / "
        "{is} ..1 not_reachable",
        "The platform has been inaccessible since early morning",
    ),
    P(
        "the hub does not answer",
        "{hub} ..2 {cannot} ..2 load|respond|reply|answer|open|connect|start|come|work|resolve|render / "
        "{hub} ..3 no_longer ..1 loads|responds|opens|answers|works|starts|reachable|resolves / "
        "hub|hubs|servers|jupyterhub|site|website|service|platform|instance|page|login|url|portal ..3 "
        "isn't|aren't|not|wasn't|never|no_longer ..2 usable|showing|shows|show|coming|loading|loads|"
        "ready|healthy|functional|accessible|working|starting|responding|opening|appears|appear|"
        "reachable|available|up|online|there|functioning|operational|returning|letting / "
        "we|there|students|users|they ..2 have|has|is|see ..1 no hub|jupyterhub|server|servers|service|"
        "login / "
        "url|page|hub|site ..1 returns|shows|gives nothing / "
        "bad_request|not_found ..2 on|at ..1 login|hub / "
        "gateway timeouts|timeout|errors / "
        "none|no|neither ..3 notebooks|servers|kernels|sessions ..2 open|start|load|opens|starts|will|"
        "come|work|run",
        "The hub page doesn't load",
    ),
    P(
        "the hub cannot be reached",
        "{hub} ..2 {cannot} ..1 be ..1 reached|opened|accessed|loaded|used|contacted|started|found|entered",
        "Our hub could not be reached all morning",
    ),
    P(
        "nobody reaches the hub",
        "{cannot} ..3 reach|reaching|open|opening|access|accessing|load|loading|enter|log|sign|get|"
        "connect ..5 hub|hubs|jupyterhub|servers|site|platform|login|portal|service|url|address|homepage|"
        "cluster / "
        "can|could anyone|anybody log_in|connect|reach|access|get|open ?",
        "Unable to reach the new production hub",
        1,
    ),
    P(
        "we cannot log in",
        "we ..3 {cannot} ..2 log_in|login|log_on|sign_in|authenticate|connect / "
        "we ..3 {cannot} ..2 get ..2 in|into|on|onto",
        "We cannot log in anymore",
        1,
    ),
    P(
        "logins are refused",
        "logins|log-ins|sign-ins|signins|logons|logging_in|signing_in ..3 refused|rejected|failing|fail|"
        "fails|failed|broken|impossible|stopped|blocked|denied|not_possible|not_working / "
        "login|authentication ..2 broken|down|failing|stopped",
        "Logins are being refused",
    ),
    P(
        "a gateway error",
        "502|503|504 ..2 bad|gateway|service|error|errors|after|at|on|for|everywhere|since|when|in / "
        "error|errors|http|status|code|get|gets|getting|got|see|seeing|sees|with|throws|throwing|returns|"
        "returning|shows|showing|gives|giving|answers|answering|a|an|erreur|fehler|the|of ..2 502|503|504 / "
        "< 502|503|504 > / "
        "bad_gateway|service_unavailable|gateway_timeout|gateway_time-out|gateway_timed / "
        "service_temporarily_unavailable / "
        "502s|503s|504s",
        "504 after login",
    ),
    P(
        "an error of the server",
        "error|errors|http|status|code|internal|erreur|fehler ..2 500 / "
        "500 internal|error|errors|on|everywhere|for|at|when|after / "
        "internal_server_error",
        "HTTP 500 on every page",
    ),
    P(
        "servers do not start",
        "servers|sessions|pods ..3 {cannot}|no_longer ..3 start|starts|launch|spawn|load|open|come|work|"
        "connect|boot / "
        "servers|pods|sessions|notebooks ..1 {cannot} ..1 be ..1 started|launched|opened|spawned / "
        "servers|pods|sessions ..3 fail|failing|failed|dying|die|stuck|killed|crashing|crash / "
        "no|every|all|any|no_one's|nobody's|everyone's|everybody's ..3 servers|server|notebooks|kernels|"
        "session|sessions|pod|pods ..4 start|starts|started|starting|launch|spawn|spawns|fail|fails|"
        "failing",
        "Servers do not start",
    ),
    P(
        "spawning fails for all",
        "spawns|spawning|spawner ..2 fail|fails|failing|broken|stuck|hangs|impossible|down",
        "Spawning fails since 8:00",
    ),
    P(
        "the hub is ill",
        "{hub} ..3 acting_up|misbehaving|struggling|unhealthy|falling_over|on_fire|flaky|hosed|borked|"
        "wedged|overloaded|in_trouble|having_problems|having_issues|has_problems|has_issues|"
        "throwing_errors|broke|toast / "
        "hub|jupyterhub|site|login|platform|page|url|website ..2 times_out|timed_out|timing_out|hangs|"
        "hung|froze|freezes / "
        "something ..4 wrong ..3 hub|server|jupyterhub|servers|login / "
        "{hub} ..2 {cannot} ..1 let ..4 in|login|log|on|through / "
        "no ..1 response|answer|reply|sign ..2 hub|server|jupyterhub|site|page",
        "The hub has been acting up since noon",
        1,
    ),
    P(
        "nothing works",
        "nothing ..1 works|loads|starts|opens|responds|working / < ..1 down|offline again|still",
        "Nothing works",
        1,
    ),
    P(
        "an outage",
        "outage|outages|blackout|system_failure|total_failure",
        "There is an outage",
    ),
    P(
        "a certificate",
        "certificate|cert|ssl|tls ..3 expired|invalid|error|not_trusted|outdated|has_expired|problem / "
        "err ..1 cert|connection|name|ssl|timed|address / "
        "nxdomain",
        "Certificate expired on the hub",
    ),
    P(
        "no answer to a connection",
        "connection ..1 refused|timed|reset / "
        "failed_to_connect / "
        "took_too_long_to_respond / "
        "can't_be_reached / "
        "refused_to_connect / "
        "could_not_resolve / "
        "took_too_long / "
        "no_route_to_host",
        "curl: (7) Failed to connect to the hub: Connection refused",
    ),
    P(
        "the hub's own pod",
        "hub_pod ..3 crash*|down|restarting|pending|evicted|oom* / hub|proxy ..2 CrashLoopBackOff|evicted",
        "The hub pod is in CrashLoopBackOff",
    ),
    P(
        "the hub is gone, German",
        "hub|jupyterhub|server|seite|dienst|plattform|system|umgebung|anmeldung|login|alles ..4 nicht "
        "..2 erreichbar|verfugbar|erreichen|aufrufbar|da|online|ladbar / "
        "hub|jupyterhub|server|seite|dienst|plattform|system|login|alles ..5 weg|down|offline|tot|"
        "ausgefallen|abgesturzt|lahmgelegt|unerreichbar|abgeschmiert|kaputt|steht / "
        "ist|sind ..3 nicht_erreichbar / "
        "ist|sind ..4 weg|ausgefallen|unerreichbar|offline|down / "
        "ausfall|storung|totalausfall|serverausfall / "
        "nicht_erreichbar / "
        "hub|jupyterhub|server|seite|dienst|plattform|system|anmeldung|login ..1 antwortet|reagiert|ladt|"
        "startet|lauft|geht|funktioniert|reagieren|starten|antworten|laufen ..1 nicht / "
        "kein|keinen|keine ..1 zugriff|zugang|verbindung|anmeldung ..2 mehr|moglich|auf|zu|zum / "
        "hub|jupyterhub|seite|system|server ..2 hangt|spinnt|streikt|tot|ewig / "
        "geht|lauft|funktioniert ..1 nichts|gar_nichts|garnichts|nix / "
        "nichts geht|lauft|funktioniert|mehr / "
        "kein|keine ..1 server|sitzung|kernel|notebook ..1 startet|starten|lauft|geht / "
        "lasst|lassen sich ..3 nicht ..2 {einloggen}",
        "Unser Hub ist nicht erreichbar",
    ),
    P(
        "servers do not start, German",
        "server|sitzungen ..4 starten|fahren|laden|gehen|offnen ..2 nicht / "
        "kommen ..4 nicht ..3 rein|hinein|ran|drauf|auf|in / "
        "wir|uns ..4 nicht ..3 anmelden|einloggen|verbinden|zugreifen / "
        "konnen ..3 nicht ..3 anmelden|einloggen|verbinden|zugreifen / "
        "anmelden|anmeldung|einloggen|login ..3 nicht ..1 moglich|mehr|geht / "
        "anmeldung|login ..3 schlagt|scheitert|fehlgeschlagen|unmoglich / "
        "niemand|keiner ..4 kommt|kommen|kann|konnen / "
        "kommt|kommen|kann|konnen ..2 niemand|keiner / "
        "start|starten ..1 schlagt|schlagen fehl",
        "Die Server starten nicht",
    ),
    P(
        "the hub is gone, French",
        "hub|serveur|serveurs|site|plateforme|page|service|jupyterhub|tout ..4 inaccessible|"
        "inaccessibles|injoignable|indisponible|hors|plante|tombe|mort|hs|down|panne / "
        "est|sont|semble ..3 inaccessible|inaccessibles|injoignable|indisponible|en_panne|hors_service|"
        "hors_ligne|tombe|down / "
        "panne|indisponibilite / "
        "serveurs|hub|site|plateforme|page|service ..2 ne ..2 repond|repondent|charge|demarre|demarrent|"
        "ouvre|fonctionne|marche|affiche / "
        "impossible ..1 de|d' ..2 acceder|ouvrir|demarrer|joindre|atteindre|connecter / "
        "n'|ne ..1 arrivons|pouvons|parvenons|arrivent ..4 connecter|acceder|ouvrir|entrer / "
        "le|notre serveur ..1 ne ..2 repond|charge|demarre|fonctionne|marche / "
        "connexion|acces ..1 impossible / "
        "plus d' ..1 acces|hub|serveur|connexion / "
        "hub|serveur|site|plateforme|page|service ..1 n' ..1 est|sont ..1 plus|pas / "
        "rien ne ..1 marche|fonctionne|va|demarre / "
        "plus_rien",
        "Le hub est inaccessible",
    ),
    P(
        "the hub is gone, Spanish",
        "hub|servidor|servidores|sitio|plataforma|pagina|servicio|jupyterhub|sistema|todo ..4 caido|"
        "caida|caidos|inaccesible|fuera|muerto|abajo|no_disponible|down / "
        "se_cayo|se_ha_caido / "
        "esta|estan ..2 caido|caida|caidos|inaccesible|inaccesibles|fuera_de_servicio / "
        "no ..2 responde|responden / "
        "no_podemos ..4 {entrar} / "
        "no ..2 logramos|conseguimos ..3 {entrar} / "
        "caida_del|interrupcion / "
        "servidores|sesiones|pagina|hub ..2 no {entrar} / "
        "no arrancan|inician|cargan|levantan ..3 servidores|notebooks|sesiones|kernels / "
        "no_se_puede|no_puedo {entrar} ..3 hub|servidor|plataforma|sitio|pagina / "
        "no|sin funciona|funcionan|funcionar|carga|responde|abre ..1 el|la|los|nuestro ..1 hub|servidor|"
        "servidores|plataforma|pagina|sitio|sistema / "
        "sin ..1 acceso|conexion|servicio ..1 al|a|del|con ..1 hub|servidor|plataforma / "
        "nada ..1 funciona|carga|abre|responde",
        "El servidor está caído",
    ),
)

# Something fails; it is an outage where several have it.
TROUBLE = (
    P(
        "cannot do",
        "{cannot} ..2 log_in|login|log|sign|get_in|get_into|get|connect|access|reach|enter|open|load|"
        "start|launch|spawn|work|save|write|upload|authenticate|boot|come / "
        "{cannot} ..2 be ..2 started|opened|reached|saved|loaded|launched|accessed|used|created|seen|"
        "written|restarted|stored",
        "The students cannot save their notebooks",
    ),
    P(
        "cannot see",
        "{cannot} ..2 see|find|read|view|use|run|create|submit|list|download|do|execute|edit",
        "The students cannot see their files",
        1,
    ),
    P(
        "cannot",
        "can't|cannot|couldn't|unable > / cannot|can't we|our",
        "We want to log in but can't",
        1,
    ),
    P(
        "it fails",
        "{symptom}",
        "The connection drops all the time",
        1,
    ),
    P(
        "an error's name",
        "{artifact}",
        "OSError: [Errno 28] No space left on device",
    ),
    P(
        "no space",
        "no ..1 disk|space ..1 left|space / "
        "disk|storage|volume|filesystem|home|drive|homes ..4 full|exhausted|100 / "
        "quota_exceeded / "
        "out_of ..1 disk|space|storage",
        "No space left on device",
    ),
    P(
        "a code",
        "error|errors|code|http|status|get|gets|getting|see|sees|a|an|gives|with|shows ..2 403|404|500|"
        "401|400|502|503|504 / "
        "403|404|500|401|400|502|503|504 ..1 forbidden|not_found|error|errors|unauthorized|for|on|"
        "everywhere / "
        "403|404|500|401|502|503|504 >",
        "403 for everybody",
    ),
    P(
        "does nothing",
        "does_nothing|nothing_happens|nothing_loads|nothing_starts|nothing_works|nothing_opens|"
        "nothing_shows / "
        "stopped ..1 working|responding / "
        "not ..1 work|working / "
        "{cannot}|no_longer ..1 work|works|load|loads|start|starts|open|opens|respond|function|connect|"
        "save|saves|come|appear / "
        "isn't|aren't|is_not|are_not ..1 working|loading|starting|responding|saving|available|visible|"
        "showing|reachable|there",
        "The Start button does nothing",
    ),
    P(
        "files are gone",
        "files|home|homes|folders|directories|directory|notebooks|data ..4 gone|missing|empty|vanished|"
        "disappeared|lost|invisible|not_there / "
        "see ..1 no_files",
        "All home directories are empty",
    ),
    P(
        "out",
        "kicked|thrown|locked|logged|booted ..2 out|off / "
        "lose|loses|losing|lost ..2 connection|kernel|kernels|session|work / "
        "reconnect|reconnects|reconnecting / "
        "keeps|keep ..1 restarting|dying|crashing|disconnecting|dropping",
        "All students were kicked out",
    ),
    P(
        "no longer",
        "no_longer|anymore|any_more",
        "It no longer opens",
        1,
    ),
    P(
        "slow",
        "slow|slower|slowness|crawl|crawls|crawling|snail's / "
        "takes|taking|took|take ..3 minutes|ages|forever|minute|hours / "
        "lag|lags|lagging|latency",
        "Everything crawls",
    ),
    P(
        "image is missing",
        "pull|pulling ..3 image / "
        "image ..3 missing|gone|vanished|not_found|deleted|unknown|removed / "
        "manifest_unknown / "
        "back-off / "
        "image ..2 fehlt|introuvable|no_encontrada|desaparecio|manquante / "
        "findet ..4 image ..1 nicht",
        "Back-off pulling image",
    ),
    P(
        "not scaling",
        "nodes|cluster|autoscaler ..2 not ..1 scaling|coming|joining|scale / "
        "trigger_scale-up / "
        "insufficient memory|cpu / "
        "unschedulable",
        "pod didn't trigger scale-up",
    ),
    P(
        "it never ends",
        "never ..2 ends|finishes|starts|comes|loads|opens|arrives|appears|completes|connects|gets|"
        "returns|ready|reaches / "
        "progress|bar|wheel|spinner|logo ..3 stuck|spins|spinning|blinking|turning|stops|stays|moves / "
        "spins|spinning / "
        "stays|stay|remains|remain|sits|sit|stands|stops ..2 at|on|in|empty|white|blank|pending|grey|"
        "dark|there / "
        "wait|waits|waiting|waited ..5 minutes|hours|forever|ages|server|minute|min|long / "
        "doesn't_get_any_further|won't_budge|endlessly / "
        "staring|stare|stares ..1 at|on",
        "The progress bar never ends",
    ),
    P(
        "thrown back",
        "sent|thrown|bounced|redirected|returned|kicked|throws|sends|bounces|redirects|brings|lands|land "
        "..3 back|login|out / "
        "asks|asked|asking ..4 again / "
        "back ..2 login|sign-in / "
        "log_in ..2 again_and_again|over_and_over",
        "All of us are sent back to the login page",
    ),
    P(
        "trouble with it",
        "trouble|problems|problem|issues|issue|difficulty|difficulties ..2 logging|starting|opening|"
        "connecting|accessing|saving|loading|reaching|launching|signing|getting|spawning|with|on|at ..3 "
        "hub|hubs|server|servers|in|on|notebooks|files|them|jupyter|jupyterhub|login",
        "We have problems starting our servers",
    ),
    P(
        "connection lost",
        "websocket|connecting|reconnecting / "
        "connection|connections|session|sessions|kernels|kernel ..3 lost|dropped|drops|drop|closed|"
        "interrupted|cut|breaks|aborted|dead|die|dies / "
        "verbindung ..3 verloren|getrennt|abgebrochen|unterbrochen / "
        "connexion ..3 perdue|interrompue / "
        "conexion ..3 perdida|pierde|cae / "
        "input_output_error|stale_file_handle|i_o_error / "
        "not ..1 mounted|mount|mounting",
        "Every kernel lost its connection",
    ),
    P(
        "constantly",
        "keeps|keep|constantly|continuously|repeatedly|permanently|randomly|suddenly ..2 reload*|"
        "restart*|fall*|go*|log*|crash*|die*|dying|drop*|disconnect*|time*|fail*|stop*|freez*|kill*|"
        "hang*|clos*|shut*|lost|lose|losing",
        "It constantly disconnects all of us",
    ),
    P(
        "none there",
        "no ..1 kernel|kernels|server|servers|notebook|files|connection",
        "No kernels for anybody",
    ),
    P(
        "it fails, German",
        "nicht|kein|keine|keiner|keinen|keinem ..5 {einloggen} / "
        "{einloggen} ..4 nicht / "
        "kein ..1 speicherplatz|platz / "
        "niemand|keiner ..5 {einloggen} / "
        "fehler* / "
        "ladt|laden|dauert|dauern ..2 ewig|lange|minuten|langsam / "
        "lasst|lassen ..3 nicht|kaum / "
        "schlagt|schlagen ..1 fehl",
        "Keiner kann mehr speichern",
    ),
    P(
        "it fails, French",
        "ne|n' ..4 {connecter} ..1 plus|pas / "
        "ne|n' ..2 arrive|arrivent|arrivons|peut|peuvent|parvient|parviennent|pouvons|parvenons / "
        "plus d'|personne|aucun / "
        "impossible / "
        "erreur ..1 #",
        "Personne n'arrive à se connecter",
    ),
    P(
        "it fails, Spanish",
        "no ..3 {entrar} / "
        "nadie ..1 puede|logra|consigue / "
        "no ..1 puede|pueden|podemos / "
        "sin ..1 espacio|acceso|conexion / "
        "imposible",
        "Nadie puede entrar",
    ),
)

# Several people, said so that it counts wherever it stands in the ticket.
SEVERAL = (
    P(
        "everyone",
        "{everyone}",
        "It is the same for everyone",
    ),
    P(
        "nobody",
        "{nobody}|{anybody}",
        "Nobody can save",
    ),
    P(
        "a number of people",
        "# ..2 users|students|people|participants|colleagues|learners|attendees|researchers|persons|"
        "members|kids|pupils|accounts|complaints|nutzer|studierende|studenten|teilnehmer|personen|"
        "kollegen|etudiants|utilisateurs|personnes|estudiantes|usuarios|alumnos|personas / "
        "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|dozen|"
        "hundred|both ..2 users|students|people|participants|colleagues|learners|of_us|of_them|accounts|"
        "attendees / "
        "several|multiple|many|numerous|various|different|most|all|some|other|both ..1 {person_noun}|"
        "browsers_and_accounts / "
        "me|colleague|colleagues|student|students|supervisor|ta|tas|postdoc and ..1 i|me|my|colleague|"
        "colleagues|others|student|students / "
        "half|third|quarter|most|part of ..2 {person_noun}|class|cohort|group|team|course / "
        "asked_around|in_the_room|whole_room|cohort|we_all|us_all / "
        "whole|entire|complete|full ..1 class|group|team|lab|department|institute|course|cohort|room|"
        "school|faculty|campus|university|organisation|organization|section|staff / "
        "# of_us / "
        "# ..1 notebooks|servers|pods|sessions|kernels",
        "All 40 participants get it",
    ),
    P(
        "they report",
        "users|students|people|colleagues|participants|they|others|researchers|class ..1 report|reports|"
        "reporting|complain|complains|complaining|say|tell|write|confirm|confirms|affected|keep / "
        "affected ..1 users|students / "
        "calls_by_the_minute / "
        "my_deputy_says / "
        "others|they ..4 as_well|too|also / "
        "others|colleagues|teammates|classmates|officemates|peers|labmates|staff|instructors|tas|"
        "neighbours|neighbors|friends|students|users|colleague ..5 too|same|also|either|as_well|confirm|"
        "confirms|neither / "
        "so|neither do|does|can|is|are / "
        "tested|tried|checked|reproduced|tests|verified ..5 accounts|colleagues|others|another|different|"
        "machines|networks|people|users|colleague|browsers_and / "
        "complaints|reports ..1 from|of|about / "
        "flooded|mails_from|messages_from|emails_from|calls_from / "
        "widespread|haben_sich_gemeldet|lo_reportan|nous_signalent|melden|signalent|reportan",
        "Users report that they are logged out",
    ),
)
# Several people, where it counts only in the sentence of what fails.
WE = (
    P(
        "we",
        "{we}|{group}",
        "We cannot save",
    ),
)

# One person alone.
ALONE = (
    P(
        "only me",
        "only|just ..1 me|mine|my|i|for_me|happens_to_me|affects_me|him|her / "
        "only|just ..1 one|this|that|a_single ..1 user|student|person|notebook|file|host|account|"
        "participant|machine / "
        "mine_that_is|mine_only|sole_user|only_tried_by_me|my_own_env|i'm_the_only_one|i_am_the_only_one",
        "Only my server fails, the others are fine",
    ),
    P(
        "others are fine",
        "others|other_users|other_people|everyone_else|everybody_else|the_rest|rest_of_the|rest_of_my|"
        "rest_of_our|colleague|colleagues|officemate|officemate's|labmate|labmates|colleague's|"
        "classmates|classmate|neighbour|my_group|my_team ..8 ok|okay|fine|works|happily|unaffected|"
        "no_problem|no_problems|no_issue|no_issues|no_such|no_trouble|still_sees|normal|doesn't_have|"
        "don't_have|not_affected|normally / "
        "works|fine|ok ..1 for ..1 others|everyone_else|colleagues|colleague|everybody_else|the_rest|"
        "other / "
        "# ..1 of # ..2 fine|ok",
        "Everyone else in my group is ok",
    ),
    P(
        "alone, German",
        "nur ..2 ich|meiner|mir|mein / "
        "bei ..3 kollegin|kollegen|kollege|anderen ..3 geht*|lauft|funktioniert|klappt / "
        "alle_anderen|die_anderen|den_anderen ..4 geht*|lauft|funktioniert|konnen|klappt|kein",
        "Nur meiner, bei der Kollegin geht's",
    ),
    P(
        "alone, French",
        "collegues|autres ..3 oui|n' ..1 ont|eu / "
        "collegues|autres ..2 fonctionne|marche|y_arrivent / "
        "seulement|uniquement moi|mon|pour_moi / "
        "une_seule_personne|que_moi|moi_seul",
        "Mes collègues n'ont pas ce problème",
    ),
    P(
        "alone, Spanish",
        "solo|solamente ..3 mi|mio|me|yo|ese|conmigo / los_demas|al_resto|otros|companeros ..4 si|bien|funciona",
        "A los demás sí les funciona, solo el mío no",
    ),
)
# One person, unless others are named as well.
PERHAPS_ALONE = (
    P(
        "for me",
        "for|with me / "
        "on|at my side|end / "
        "in my case|own / "
        "on my account|laptop|machine|server|own / "
        "chez_moi|bei_mir|a_mi",
        "Very slow for me today",
    ),
    P(
        "one user",
        "one|single|a ..1 student|user|participant|colleague|person|learner|postdoc ..3 cannot|can't|"
        "gets|has|is|unable|sees|couldn't|lost|cant",
        "One student can't access",
    ),
)
# Words that look like one person alone, and are not.
NOT_ALONE = (
    P(
        "not only me",
        "not|isn't ..1 just|only ..1 me|mine|us / "
        "me_too|me_included / "
        "just|only|not ..1 us / "
        "for me and / "
        "is it just|only me",
        "It is not just me",
    ),
)

# A wish for something else: only a hub that is gone counts beside it.
WISHES = (
    P(
        "let them in",
        "add|invite|enroll|enrol|whitelist|approve|register ..3 them|students|users|following|people|her|"
        "him|colleagues|member|members|handle|handles|account|accounts / "
        "new|two_new|three_new|additional users|students|user|student|hire|hires|members|staff|employee|"
        "employees|colleague|colleagues|ras|accounts / "
        "allowlist|whitelist|allow_list|not_yet|yet >",
        "Please add my students, they cannot log in yet",
    ),
    P(
        "a package",
        "ModuleNotFoundError|ImportError|no_module_named|module_not_found / "
        "package|packages|library|libraries|module|modules|extension|plugin|version|versions ..4 missing|"
        "outdated|old|too_old|broken|conflict|not_installed|installed / "
        "install|installed|upgrade|pin ..3 {package} / "
        "paket|paquet|paquete|bibliothek|libreria|logiciel",
        "ModuleNotFoundError for the whole class",
    ),
    P(
        "more of it",
        "could|can|please|need|needs|would|want|like|increase|raise|bump ..5 more|larger|bigger|higher|"
        "increase|gb|gib|ram|memory|gpu|gpus / "
        "limit|limits|quota ..3 too_low|raised|increased|per",
        "Could we have 4 GB for everyone?",
    ),
    P(
        "a link or a password",
        "nbgitpuller|password|passwords|passwort|pw|invitation|invite / "
        "link|links ..2 class|assignment|homework|notebook|for / "
        "session|idle|inactivity|culling|cull timeout|timeouts|limit",
        "The nbgitpuller link is broken",
    ),
)

# A wish in a sentence: what fails in it is no more than its reason.
WISH = (
    P(
        "could it be so",
        "could|can|would|please|should ..4 {make}|{do}",
        "Could you change the default for everyone?",
    ),
)

# It is over, or was never one: the whole ticket is no report.
OVER = (
    P(
        "it works again",
        "works|working|running|start|starts|started ..1 again|normally|fine / "
        "it's|it_is|hub_is|hub's|server_is|everything_is|everything's ..1 back|up > now_they_do|"
        "now_it_does / "
        "fixed|resolved|solved itself / "
        "back_to_normal|back_online|back_up / "
        "now works|resolved|fixed|fine|ok|normal|back / "
        "recovered|resolved|fixed ..1 now|already|since / "
        "quick_fix|wieder_da|de_nouveau",
        "It works again",
    ),
    P(
        "never mind",
        "please|pls|can ..1 ignore|disregard / "
        "never_mind|nevermind|false_alarm|sorry_for_the_noise|all_good|no_action / "
        "nothing ..1 for_you / "
        "close_this|can_be_closed|it_was_our|problem_solved|has_been_solved|no_longer_an_issue|"
        "just_so_you_know|fyi|no_request|by_design|on_purpose|as_intended / "
        "hat_sich_erledigt|erledigt|geht_wieder|lauft_wieder|funktioniert_wieder / "
        "est_resolu|est_regle|remarche|refonctionne|fonctionne_a_nouveau / "
        "esta_resuelto|ya_funciona|se_soluciono|ya_se_arreglo",
        "Please ignore my message, it was our VPN",
    ),
    P(
        "the hub is fine",
        "hub|hub's|hub_itself|everything_else|notebooks ..2 fine|works|ok|okay|unaffected|is_up / "
        "hub selbst ..2 lauft / "
        "el_hub_funciona|le_hub_fonctionne|le_hub_marche / "
        "can_work_as_usual|notebooks_work|no_one_has_complained|nobody_complained|users_are_not_affected|"
        "no_users_affected|no_user_impact",
        "The hub's fine",
    ),
)

# Something that is no hub: a subject that names it is about it.
ELSEWHERE = (
    P(
        "elsewhere",
        "{elsewhere}",
        "Grafana is down",
    ),
)

# What makes a sentence no report of now, whatever it says beside.
ASIDE = (
    P(
        "if",
        "if|when|whenever ..3 stuck / "
        "re_resolved / "
        "if|in_case|in_the_event|suppose|supposing|imagine|assuming|whenever ..8 {gone}|down|fail|fails|"
        "crash|crashes|nobody|isn't|cannot|can't|goes|error|breaks|break|dies|full|happens / "
        "what_happens|what_if|in_case|in_the_event / "
        "when|before|until ..2 goes|breaks|dies|fills|fill|retires|runs / "
        "without the ..2 {hub} / "
        "can|could|will|would|if # ..2 people|users|students|participants / "
        "will ..10 on|this|next {day} / "
        "then > / "
        "would|could|might|may happen|fail|crash|go / "
        "in_case|should_that|should_it|should_the|once|as_soon_as ..4 {gone}|down|fails|full",
        "What do we do if the hub goes down during the exam?",
    ),
    P(
        "if, elsewhere",
        "falls|wenn|sollte ..6 ausfallt|ausfallen|geht|nicht|down|weg|passiert / "
        "falls_der|falls_die|falls_das / "
        "si ..5 tombe|plante|panne|indisponible|inaccessible|plus|echoue / "
        "en_cas|en_caso / "
        "si ..5 cae|falla|caiga|deja",
        "Was tun, falls der Hub ausfällt?",
    ),
    P(
        "a report about it",
        "incident|outage|downtime|post-mortem|postmortem|rca report|reports|review|summary|explanation|"
        "history / "
        "report|reports|explanation|post-mortem|postmortem|root_cause|write-up|summary|details|"
        "statistics|numbers|slides|talk|history|log|cause|question|questions ..4 outage|outages|incident|"
        "downtime|failure|interruption / "
        "prevent|avoid ..4 outage|outages|downtime|again / "
        "why_did|what_caused|what_happened|what_went_wrong|lessons_learned|credited|compensation|refund / "
        "was_ist_passiert|explication|erklarung|explicacion|informe ..6 panne|ausfall|caida|incident|"
        "incidente|storung / "
        "outage|outages|downtime|incident|uptime statistics|stats|figures|numbers|notice|overview / "
        "how_often / "
        "bericht|rapport|informe ..6 panne|ausfall|caida|incident|incidente|storung / "
        "outage|downtime|incident|crash|interruption on|of|from|last ..2 {day}|{month}|# / "
        "how ..1 do|did|would|will|can you|we ..1 handle|prevent|recover|deal|respond|react|monitor|test|"
        "guard|protect / "
        "who ..3 call|alert|alerted|notified|contact|contacted|on-call / "
        "disaster|escalation|redundancy|resilience|failover / "
        "in_the_past|used_to|back_when|reimburse*|credit / "
        "slides|material|exercise|lecture|chapter|paper|course|lesson|teach|teaching ..3 on|about ..4 "
        "outage|outages|failure|failures|incidents",
        "Could we have the report about the outage of last week?",
    ),
    P(
        "planned",
        "planned|scheduled|announcement|announced|maintenance_window|drill|upcoming|pretend / "
        "on saturday|sunday|monday|tuesday|wednesday|thursday|friday ..4 our|we|the / "
        "will_be|will_not_be|won't_be ..6 {gone}|down|slow|able|closed / "
        "will ..2 {hub}|it|there|we|this ..6 {gone}|down|slow|enough|survive|cope|hold / "
        "will ..2 down / "
        "how_long_will / "
        "next week|month|year|term|semester|saturday|sunday|monday / "
        "when you|we ..2 move|migrate|upgrade / "
        "should_we_plan|should_we_expect / "
        "geplant|angekundigt|nachste_woche|wartungsarbeiten / "
        "prevu|prevue|la_semaine_prochaine / "
        "programado|programada|la_proxima_semana",
        "Will it be slow for everybody with 200 users?",
    ),
    P(
        "a wish about it",
        "alert|alerts|alerted|notify|notified|notification|warn|warned|text|message ..5 when|if|before / "
        "uptime|sla|service_level|slo / "
        "emergency_procedure|emergency_contact|emergency_plan|fallback|backup_plan / "
        "shut|scale|bring|tear|take|shutting|scaling|cut|spin ..4 down / "
        "work|working offline / "
        "offline use|access|mode|copy|version / "
        "what ..2 does|do ..8 mean / "
        "meaning_of|in_your_faq|in_your_docs / "
        "does ..3 mean / "
        "settle|calm|scroll|sit|slow|write|come|put|turn|pull|step ..1 down",
        "Alert us when the hub is unreachable",
    ),
    P(
        "one kernel",
        "my|the|a|one|this kernel|notebook|cell|script|job ..4 dies|died|crashes|crashed|killed|restarts|"
        "dying|goes_down|down|dead|out_of_memory / "
        "kernel ..3 died|restarts|dies / "
        "out_of_memory|memory_error|memory_limit|memory_bar / "
        "< kernel down|dead|dies|died",
        "My kernel goes down when I load all tiles",
    ),
    P(
        "github itself",
        "github ..2 outage|down|incident|status|problems / to github|gitlab / git push|pull|clone",
        "GitHub outage",
    ),
    P(
        "fine so far",
        "no problems|issues|outage|complaints so_far / "
        "without ..2 problems|errors|issues|interruption / "
        "no_interruption|no_errors",
        "No interruption is expected",
    ),
)
# A hub of one person: gone for them alone, unless several have it.
MINE = (
    P(
        "mine",
        "my|mine ..1 server|session|notebook|account|kernel|instance|pod|laptop|user / "
        "mein|meine|meiner ..1 server|notebook|account|konto|sitzung / "
        "mon|ma serveur|session|compte / "
        "mi servidor|sesion|cuenta|notebook / "
        "your_server failed|has|did",
        "My server does not start",
    ),
)
# What was, unless the sentence says that it lasts.
PAST = (
    P(
        "past",
        "last|previous|past|earlier|recent ..1 week|week's|month|month's|year|monday|tuesday|wednesday|"
        "thursday|friday|saturday|sunday|spring|summer|autumn|fall|winter|semester|term|time|outage|"
        "downtime|incident / "
        "of|from|on|for ..1 {month} # / "
        "of|from|on|for # ..1 {month} / "
        "outage|downtime|incident|failure yesterday / "
        "last_night|weeks_ago|months_ago|days_ago|back_in / "
        "letzte|letzten|letzter woche|monat|montag|freitag|jahr / "
        "gestern ..3 war / "
        "du # {month} / "
        "del # de {month} / "
        "la_semaine_derniere|la_semana_pasada|ce_jour-la / "
        "etait|etaient|estuvo|estuvieron",
        "The hub was unreachable for an hour last Tuesday",
    ),
)
LASTING = (
    P(
        "since",
        "since|still|after|following|nach|apres|despues|now|again|today|currently|at_the_moment|"
        "right_now|this_morning|seit|immer_noch|heute|depuis|encore|toujours|desde|todavia|sigue|hoy|"
        "aujourd'hui",
        "It has been down since last Friday",
    ),
)
# What tells that a sentence speaks of what was.
WAS = (
    P(
        "was",
        "was|were|had|did|didn't|couldn't|went|outage|outages|downtime|incident|failure|report|failed|"
        "crashed|ausfall|war|waren|konnte|konnten|panne|etait|etaient|avait|fue|estuvo|estuvieron|hubo|"
        "caida",
        "The hub was down last week",
    ),
)
# What turns a word of comfort into its opposite.
NOT = (
    P(
        "not",
        "{cannot}|not|no|never|nobody|none|isn't|aren't|please|when|nicht|kein|nor|neither|unless|pas|tampoco",
        "It does not start again",
    ),
)
