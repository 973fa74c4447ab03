"""What people say when something is broken, wanted, asked or prepared: the kinds of a request, and what is critical."""

from __future__ import annotations

from deskbook.language.phrase_search import Pattern as P

BROKEN = (
    P(
        "an error's name",
        "{artifact} / traceback / errno|exit code|#",
        "ModuleNotFoundError: No module named 'xarray'",
        4,
    ),
    P(
        "a message of an error",
        "error|errors|exception|fehler|fehlermeldung|erreur|error_message / fatal|warning / fatal_error",
        "The Grafana panel shows an error",
        3,
    ),
    P(
        "it fails",
        "fail|fails|failed|failing|failure|failures|crash|crashes|crashed|crashing|broken|broke|dies|"
        "died|dying|killed|hangs|hanging|freezes|frozen|stuck|timeout|timed_out|times_out|denied|"
        "forbidden|refused|rejected|unable|AccessDenied|malfunction*|glitch*|bug|buggy|aw_snap|"
        "bad_gateway",
        "The link fails to load",
        3,
    ),
    P(
        "it does not work",
        "{cannot} ..2 work|load|start|open|connect|run|save|display|show|appear|launch|respond|find_the|"
        "see|update|render|install|let|come|stop|finish|import|write|read|return / "
        "isn't|aren't|is_not|are_not|not ..1 working|loading|displayed|shown|there|visible|available|"
        "found|showing|responding|recognized|updating|rendering|correct|possible / "
        "no_longer ..1 works|work|opens|starts|loads|see|sees|shows|appears|can|available / "
        "stopped|stops ..1 working|responding / "
        "doesn't|don't|does_not|do_not|won't ..1 work / "
        "does_nothing|nothing_happens|never_starts|never_arrive|never_arrives|never_finishes|keeps_dying|"
        "keeps_crashing / "
        "keeps ..1 asking|restarting|dying|crashing / "
        "never|not|no_longer ..1 received|receive|accept|accepts|get|arrived|arrive|sent / "
        "{cannot} ..1 be ..1 saved|opened|found|loaded|read|started|reached|imported|written|deleted|"
        "displayed|installed",
        "The link no longer works",
        3,
    ),
    P(
        "I cannot",
        "i|we|she|he|they ..2 {cannot} ..2 {enter} / {cannot} log_in|login|access|open|start|connect|import|save|sign",
        "I cannot log in",
        3,
    ),
    P(
        "where did it go?",
        "where did|has|have|is|are ..4 go|gone / "
        "what ..1 happened_to / "
        "pops|popping|pop ..1 up / "
        "not|isn't|never ..1 updated|synced|refreshed|refreshing / "
        "why can't|cannot|does|is ..4 {cannot}",
        "Where did the option go?",
        5,
    ),
    P(
        "it shows nothing",
        "show|shows|showing|shown|display|displays|plot|plots ..1 nothing|empty|no_data|zero|0|blank / "
        "grafana|prometheus|dashboard|dashboards|panel|panels|graph|graphs|monitoring|metrics|tableros|"
        "tableau ..4 empty|blank|down|missing|broken|gone|wrong|0|zero|nothing|vacios|vide|vides / "
        "no|without metrics|data|datapoints",
        "The dashboards show nothing",
        3,
    ),
    P(
        "it looks wrong",
        "wrong|wrongly|weird|strange|odd|incorrect|incorrectly|blank|empty|missing|gone|vanished|"
        "disappeared|corrupt|corrupted|lost|garbled|misses|blank_page|white_screen|unexpected|off_by|"
        "false_alarm|false_alarms|annoying|mistake|lagging|lags|laggy|slow|slower|lag|spinning|loop|"
        "no_data",
        "The graph is blank",
        2,
    ),
    P(
        "it says",
        "it|page|panel|screen|message|popup|box|log|logs|graph|table ..1 says|claims|reports|reads|shows|"
        "pops|complains|gives / "
        "i|we ..1 get|got|see|keep|obtain / "
        "gives|get|getting|throws|shows an|a|the|this ..2 message|error|403|404|500",
        "It says that my account is unknown",
        1,
    ),
    P(
        "it was fine before",
        "since the|yesterday|today|last|this|monday|friday ..3 update|upgrade|change|deploy|image|"
        "version|yesterday|merge|release|weekend / "
        "used_to_work|worked_yesterday|worked_fine|worked_before|worked_last|was_working|worked_until|"
        "until_yesterday|all_of_a_sudden|suddenly|last_week_it / "
        "after the ..2 update|upgrade|change|merge|deploy",
        "It is gone since the update",
        2,
    ),
    P(
        "others have no such trouble",
        "only_for_me|only_mine|others ..2 fine|ok|okay|work|works / "
        "everyone_else|my_colleague's|for_me_only|on_my_account",
        "Others are fine",
        1,
    ),
    P(
        "it fails, German",
        "geht|startet|funktioniert|ladt|lauft|offnet|klappt|reagiert|erscheint ..3 nicht / "
        "nicht ..3 {einloggen} / "
        "hangt|absturz|sturzt|abgesturzt|kaputt|fehlgeschlagen|ausgefallen|fehlermeldung|verweigert|leer|"
        "verschwunden|defekt|fehlt / "
        "kann|konnen ..6 nicht",
        "Mein Server startet nicht",
        3,
    ),
    P(
        "it fails, French",
        "ne|n' ..3 {connecter} ..2 plus|pas / "
        "n' arrive|arrivons|arrivent / "
        "ne parviens|parvient|peux ..3 plus|pas / "
        "erreur|echoue|plante|bloque|refuse|vide|disparu|introuvable|meurt|impossible / "
        "ca ne marche|fonctionne",
        "Mon serveur ne démarre pas",
        3,
    ),
    P(
        "it fails, Spanish",
        "no ..2 {entrar}|puedo|deja|carga|sale|encuentra|encuentro / "
        "falla|fallo|error|cuelga|muere|bloqueado|vacio|vacios|vacias|sin_datos|se_queda|colgado|"
        "denegado|desaparecio|sin_espacio / "
        "ya_no",
        "No arranca mi servidor",
        3,
    ),
    P(
        "no space",
        "no_space|no_space_left|disk_full|quota_exceeded|out_of_memory|out_of_disk|espacio",
        "No space left on device",
        3,
    ),
)

CHANGE = (
    P(
        "asked to do",
        "{ask} ..5 {make}",
        "Could you please add Otto to the hub?",
        3,
    ),
    P(
        "do it",
        "< {make} / "
        "please|pls|kindly|bitte|svp ..2 {make} / "
        "can|could|would|can't you|u|someone|somebody|anybody|anyone ..4 {make}",
        "Please add Otto",
        5,
    ),
    P(
        "we would like",
        "would|we'd|i'd ..1 like|love|prefer|need|want|appreciate|welcome / "
        "we|i ..1 need|want|require / "
        "it_would_be|would_be ..2 great|nice|good|useful|helpful|handy|lovely|cool|feasible|possible|"
        "welcome / "
        "any_chance|wishlist|wish_list|feature_request|on_our_wish / "
        "looking_for / "
        "hoping / "
        "should_be|should_read|should_have|must_be|must_have|needs_to|need_to_be|ought_to|has_to_be|"
        "want_to_have|want_to_use|would_be_handy",
        "We would like a profile with a GPU",
        3,
    ),
    P(
        "do for us",
        "please|could|can|would ..3 {do} / please|could|can|would you|someone ..1 help|assist|look",
        "Could you give us a larger machine?",
    ),
    P(
        "could we have",
        "could|may we ..3 {make} / "
        "could|can|may|might we|i|each|the|our|students|users|they|you ..2 have|get|upgrade|offer|host / "
        "would ..3 possible ..2 to|for|that / "
        "possible_to_have|possible_to_get|feasible / "
        "would you|your ..3 enable|add|consider|allow|offer / "
        "can|could ..6 be ..3 {make} / "
        "peut-on|pourrait-on|pueden|podrian|konnten|kann|konnen ..6 {make}",
        "Could we have a shared folder?",
        3,
    ),
    P(
        "could we be",
        "can|could i|we|students|users|they|people ..4 {make} / "
        "could|can|may|might we|i|each|the|our|students|users|they|you|it|this|that ..2 use|go|be|run|"
        "query|access|try|land|join|keep|stay|see / "
        "is_it_possible|would_it_be_possible ..1 to|for|that",
        "Could we use the GPU nodes?",
    ),
    P(
        "it is due for a change",
        "outdated|out_of_date|too_old|newer_version|latest_version|new_version|obsolete|unused|"
        "not_needed|no_longer_needed|no_longer_need|no_longer_use / "
        "github|gh handle|handles|username|usernames|user|id|ids|account|login|name / "
        "handle|handles|username|usernames / "
        "by_default|as_default|the_default / "
        "starting|effective|as_of {day}|{month}|next|now|# / "
        "{package} ..3 missing|not_available|not_installed|unavailable|not_there / "
        "instead|thanks_in_advance / "
        "is_out|was_released|got_released / "
        "license|licence",
        "Our image is outdated",
    ),
    P(
        "add people",
        "add|adding|added|remove|removing|invite|register|onboard|enroll|enrol ..4 {person_noun} / "
        "new ..1 {person_noun}|employee|hire|hires / "
        "getting|be|being|get|got ..1 added|let_in|invited|included|removed|whitelisted / "
        "add|remove ..3 to|from|as",
        "Please add three students",
        3,
    ),
    P(
        "access or rights",
        "access|admin|rights|permission|permissions|membership|account|accounts|zugang|adminrechte|acces|"
        "acceso|administrator ..1 for|to|fur|pour|para|request / "
        "{rights} ..2 request|needed|required / "
        "needs|need|grant|give|gets|request|requesting|asking|braucht|brauchen|benotigt|besoin ..4 "
        "{rights} / "
        "freischaltung|freischalten / "
        "let|allow ..2 in / "
        "make|made|become|be ..3 admin|admins|administrator / "
        "takes_over|take_over|successor|handover|leaving / "
        "no_longer_be_able_to",
        "Admin rights for our TA",
        3,
    ),
    P(
        "install",
        "install|installs|installed|installing|installation|preinstall* / "
        "package|packages|library|kernel|extension|plugin|module ..1 request|requests|wanted|needed|for",
        "We would need to have the following installed",
        2,
    ),
    P(
        "more of it",
        "more|larger|bigger|higher|extra|additional|increase|increased|increasing|less|smaller|fewer|"
        "reduce|raise|bump|double ..2 {resource} / "
        "{resource} ..2 increase|upgrade|extension|bump|raise|boost|request|reduction / "
        "not|isn't enough|sufficient",
        "More memory for students",
        3,
    ),
    P(
        "a new thing",
        "new|custom|second|another|dedicated|separate|additional|different ..2 image|profile|environment|"
        "package|user|users|hub|domain|url|tag|kernel|bucket|panel|option|machine|node|version|text|logo|"
        "name|group|team|login|dashboard|folder / "
        "instead_of|rather_than|replaced_by|should_read / "
        "redirect|rename|renaming|rebrand*|wording|typo|logo|title|welcome_text|start_page|env_variable|"
        "environment_variable / "
        "switch|switching|move|moving|migrate|migration ..2 to|from|our|us|over",
        "A new image for our class",
        2,
    ),
    P(
        "as a subject",
        "request|requesting|wish|wishlist|anfrage|demande|solicitud ..1 for|to|:|de|d'|fur",
        "Request for a GPU profile",
        3,
    ),
    P(
        "wanted, German",
        "bitte ..6 {make} / "
        "bitte um / "
        "ich|wir ..2 brauche|brauchen|benotigen|mochten|hatten|wunschen|wurden|brauchten / "
        "konnten|konnen|kann|konntet ..10 {make} / "
        "freischaltung|adminrechte|erhohung|installieren|einrichten",
        "Bitte um Freischaltung",
        3,
    ),
    P(
        "wanted, French",
        "merci de|d' ..2 {make} / "
        "pouvez-vous|pourriez-vous|peut-on|pourrait-on ..2 {make} / "
        "nous|j' ..1 aimerions|aimerais|voudrions|souhaitons|souhaite|voudrais / "
        "besoin ..1 de|d' / "
        "serait-il possible / "
        "ajouter|ajout|augmenter|installer",
        "Pouvez-vous augmenter le quota ?",
        3,
    ),
    P(
        "wanted, Spanish",
        "pueden|podrian|puede|podria|favor|quisieramos|necesitamos|necesito|gustaria|solicito|"
        "solicitamos ..3 {make}|un|una|mas|acceso / "
        "< agregar|cambiar|instalar|aumentar|solicitud|anadir|crear|eliminar|actualizar / "
        "me_pueden_dar|nos_pueden_dar|por_favor ..3 {make}|usar",
        "¿Pueden agregar a tres estudiantes?",
        3,
    ),
    P(
        "on after",
        "from {day}|{month}|# ..1 on / no_rush|not_urgent|when_you_have_time|whenever|at_your_convenience|low_priority",
        "No rush",
        1,
    ),
)

GUIDANCE = (
    P(
        "how and where",
        "< ..2 how|where|which|whom|who|what|what's|when|why ? / "
        "how do|can|to|could|should|does|would|is|are|long|much|many|often ? / "
        "< ..2 do|should|must|am|are i|we|they|students|users|people|you|our|my ? / "
        "is|would ..1 ok|okay|allowed|safe|permitted|advisable|recommended|fine ? / "
        "are|am ..1 allowed|supposed|able ?",
        "How do I share a notebook with my group?",
        3,
    ),
    P(
        "information",
        "provide|give|send|share|create|make|show|put|have|get|need|pull|write|offer|want|like ..6 "
        "numbers|statistics|stats|figures|report|reports|letter|quote|estimate|statement|invoice|"
        "documentation|overview|info|information|confirmation|proof|paperwork|slides|paragraph|"
        "description|receipt|agreement|policy|recording|intro|introduction|demo|call|meeting|tour|"
        "webinar|advice|explanation|answer|contact",
        "Could you send us the numbers for our report?",
        5,
    ),
    P(
        "a subject that asks",
        "^ how|where|which|what|who|when|why|what's|whats / ^ ..3 how_to|how_do / ^ question|frage|pregunta",
        "How to push to GitHub",
        4,
    ),
    P(
        "is there",
        "is|are there ? / "
        "does|do|did ? / "
        "is|are|was|were ..1 the|it|this|that|our|my|your|they|any|there ? / "
        "has|have ? / "
        "will|would|should|must|may ..1 i|we|it|they|this|that|our|the ? / "
        "am i ? / "
        "< is|are|was|were|does|do|did|has|have|will|would|should|am ?",
        "Is there a backup of our files?",
        2,
    ),
    P(
        "is it possible",
        "is_it|would_it_be ..2 possible|ok|okay|allowed|safe|feasible|permitted|advisable|recommended ? / "
        "can|could i|we|you|people|users|students|one|someone ?",
        "Is it possible to connect through SSH?",
        2,
    ),
    P(
        "advice",
        "advice|advise|recommend|recommended|recommendation|recommendations|suggest|suggestion|"
        "suggestions|best_practice|best_way|guidance|pointers|tips|hints|explain|explanation|clarify|"
        "clarification|meaning|difference_between|means / "
        "could|can|would|please|pls|might|may you|u|someone|somebody|anyone|tell|explain|send|clarify|"
        "point|share ..2 tell|explain|send|share|clarify|point|confirm|advise|help_me_understand|walk|"
        "describe|list|let_us_know|let_me_know / "
        "please tell|explain|send|clarify|confirm|advise|describe / "
        "tell|send|give|show|provide ..2 me|us ..4 info|information|details|overview|list|numbers|"
        "figures|link|links|statement|estimate|quote|example|examples / "
        "would|i'd|we'd|want|wants|need|needs|like|love|trying to ..1 know|understand|learn|ask|hear|"
        "confirm|find_out|discuss|talk|meet|clarify|figure_out|cite / "
        "looking_for|need|some|any ..2 advice|documentation|info|information|guidance|suggestions|"
        "instructions|recommendations|help_with|pointers|ideas / "
        "talk_to|speak_to|schedule_a_call|have_a_call|set_up_a_call|set_up_a_meeting / "
        "our|my|the provost|dean|legal|dpo|auditor|auditors|reviewer|reviewers|funder|board ..3 asks|"
        "needs|wants|wonders|requires|asked",
        "What do you recommend?",
        4,
    ),
    P(
        "what it means for us",
        "is|are|will ..5 affected|concerned ? / does|will ..4 affect|concern|mean ?",
        "Is our class affected by this?",
        3,
    ),
    P(
        "documentation",
        "documentation|documented|docs|tutorial_on|guide|manual|faq|instructions|example|examples",
        "Is there documentation on nbgitpuller links?",
    ),
    P(
        "a question",
        "question|questions|wondering|wonder|curious|want_to_know|like_to_know|need_to_know|"
        "needs_to_know|would_like_to_understand|understand_how|do_you_know|inquiry|frage|pregunta|duda|"
        "any_ideas|any_hints|quick_one|quick_question",
        "A quick question about costs",
        2,
    ),
    P(
        "facts wanted",
        "invoice|billed|billing|usage_stats|statistics|figures|report|numbers|figure|paperwork|agreement|"
        "dpa|gdpr|policy|sla|uptime|legal|contract|renewal|certificate_of|cite|citation|cost|costs|price|"
        "pricing|budget|privacy|backup|backups|retention",
        "We need usage stats for our report",
        1,
    ),
    P(
        "asks, German",
        "wie|wo|was|welche|welcher|welches|wer|wann|warum|wieso ? / "
        "gibt_es|kann_man|darf_ich|durfen_wir|muss_ich|mussen_wir|ist_es ?",
        "Wie teile ich ein Notebook?",
        3,
    ),
    P(
        "asks, French",
        "comment|ou|quel|quelle|quels|quelles|qui|combien|pourquoi|quand ? / "
        "est-ce|y_a-t-il|existe-t-il|puis-je|faut-il|dois-je ? / "
        "pouvez-vous_nous_dire|pouvez-vous_nous_envoyer|que_faire",
        "Où sont stockées nos données ?",
        3,
    ),
    P(
        "asks, Spanish",
        "como|donde|cual|cuales|quien|cuanto|cuanta|cuantos|cuando ? / hay|existe|puedo|debo|es_posible|que ?",
        "¿Cómo compartir un notebook?",
        3,
    ),
    P(
        "thanks or notice",
        "just_wanted_to_say|just_saying|no_action_required|fyi|for_your_information|heads-up|"
        "please_ignore|sorry_for_the_noise|thanks_for_the",
        "Just wanted to say thanks",
        2,
    ),
)

# An event that comes. The words of an event alone say little: they count with a day, people or a plan beside them.
EVENT = (
    P(
        "an event",
        "{event}",
        "We run a workshop in December",
        3,
    ),
)
PAST_EVENT = (
    P(
        "an event that was",
        "last|past|previous|recent|after|since|attended ..3 {event} / "
        "{event} ..4 was|went|is_over / "
        "during|at the|a|our ..2 {event} ..2 yesterday|today|last|on / "
        "the {event} was|is_over|went",
        "I attended your workshop last year",
    ),
    P(
        "an event that runs",
        "during|in|at ..2 {event} / running {event} / {event} ..3 begins|starts in",
        "During the workshop the kernel crashed",
    ),
)
EVENT_TITLE = (
    P(
        "an event in the subject",
        "^ {event} / ^ ..8 {event}",
        "Workshop in December",
        6,
    ),
)
PREPARED = (
    P(
        "a plan",
        "will|plan|planning|plans|planned|run|running|host|hosting|hold|holding|organise|organize|"
        "organising|organizing|teach|teaching|upcoming|coming|next|prepare|preparing|ready|scheduled|"
        "dates|tentative|save_the_date|heads-up|expected|cancelled|canceled|postponed|moved|set-up|"
        "reserve|checklist|accepted|takes_place|we_have|we'll|participate|findet|planen|veranstalten|"
        "organisons|organiserons|tenemos|organizamos|haremos|tendremos|aura_lieu|prevoyons",
        "We are planning a hackathon",
        1,
    ),
    P(
        "a day",
        "# ..1 {month} / "
        "{month} ..1 # / "
        "{month} / "
        "{day} / "
        "next week|month|year|spring|summer|fall|autumn|winter|term|semester / "
        "# # #",
        "On 10 December",
        1,
    ),
    P(
        "people",
        "# ..3 {person_noun}|attendees|participants|learners|registrants|students|people|teams|users|"
        "folks|teilnehmenden|teilnehmer|personen|personas|personnes|participantes|etudiants|alumnos / "
        "attendees|participants|learners|registrants|teilnehmenden|participantes / "
        "room_holds|simultaneous",
        "With 40 participants",
        1,
    ),
)
PASSWORD = (
    P(
        "a shared password",
        "change|reset|rotate|set|update|renew|replace ..5 password|pw|passwords / "
        "shared|workshop|course|participants'|hub|class|event|common ..1 password|pw|passwords / "
        "password|pw ..3 workshop|course|event|class|participants|hub|hackathon|bootcamp|school / "
        "shared account ..8 password / "
        "shared password ..10 changed|reset|rotated|updated|replaced|change|rotate / "
        "passwort ..6 andern|zurucksetzen|kurs|workshop / "
        "mot_de_passe ..4 atelier|partage|commun / "
        "contrasena ..4 taller|compartida",
        "Please change the shared password of our hub",
        8,
    ),
)
OWN_PASSWORD = (
    P(
        "one's own password",
        "my|his|her|their|your|own|personal|ssh|git|github|user's|earthdata ..2 password|passwort / "
        "password_authentication|password_protected / "
        "forgot|lost ..3 password",
        "I forgot my password",
    ),
)
# Words that speak of errors where nothing is broken.
HARMLESS = (
    P(
        "an error that is none",
        "trial_and_error|error_bars|error_bar|standard_error|error_handling|error_propagation|"
        "margin_of_error|fail-safe|failsafe / "
        "no|without ..2 errors|error|failures|problems / "
        "if something|anything|it|they fails|breaks|crashes",
        "How can I plot error bars?",
    ),
)
# Questions with which a wish ends.
CLOSING = (
    P(
        "how do we proceed?",
        "what|which ..3 you need|require ..2 from|to|know / "
        "what|anything else ..2 need|needed|provide / "
        "how|what ..2 we|i ..2 proceed|do_next / "
        "is|would|if this|that|it ..1 be ..1 possible|feasible|ok|okay|doable|something|an_option|"
        "realistic / "
        "possible|feasible|doable|ok|okay > / "
        "when|by_when|how_soon ..2 this|that|it ..3 done|ready|possible|happen|available / "
        "how_long ..2 this|it|that take / "
        "who ..3 ask|contact|approve / "
        "can|could you help / "
        "can_you_do_that|can_this_be_done|could_this_be_done|is_that_something|what_do_you_think|"
        "thoughts|right_place|right_address",
        "What do you need from us?",
    ),
)
# A question that means a fault.
WHY = (
    P(
        "why",
        "why|what's|what is|was wrong|happening|going_on|happened / "
        "why|warum|wieso|pourquoi|por_que / "
        "any_idea|any_ideas|known_issue|known_bug|a_bug|known_problem / "
        "did|has|have ..3 change|changed|break|broken|happened",
        "Why does my notebook not load?",
    ),
)
