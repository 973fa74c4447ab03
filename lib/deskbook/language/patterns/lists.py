"""Lists of words that patterns name in braces: English, German, French, Spanish; `fold` takes case and accents away."""

from __future__ import annotations

from collections.abc import Mapping


def _list(*groups: str) -> tuple[str, ...]:
    """Words and expressions, a comma between them."""
    return tuple(word.strip() for group in groups for word in group.split(",") if word.strip())


LISTS: Mapping[str, tuple[str, ...]] = {
    "hub": _list(
        "hub, hubs, server, servers, server's, hub's, jupyterhub, jupyter, jupyterlab, lab, site, website, service, platform, instance, "
        "environment, system, cluster, login page, hub page, start page, page, everything, url, address, deployment, portal, spawner, "
        "cloud, it all, login, sign in, interface",
        "plattform, umgebung, seite, dienst, system, startseite, anmeldeseite, alles, server",
        "serveur, serveurs, plateforme, page, interface, service, le hub, site",
        "servidor, servidores, plataforma, pagina, sitio, entorno, el hub, servicio",
    ),
    "server": _list(
        "server, servers, notebook server, notebook servers, pod, pods, user pod, user pods, session, sessions, spawn, spawns, kernel, "
        "kernels, notebook, notebooks, environment, environments, image, images, lab, jupyterlab, instance, instances, start button, terminals",
        "server, sitzung, sitzungen, kernel, notebooks, instanz, instanzen",
        "serveur, serveurs, session, sessions, noyau, noyaux, notebooks",
        "servidor, servidores, sesion, sesiones, cuadernos, kernels, nucleos, notebooks",
    ),
    "cannot": _list(
        "cannot, can't, cant, can not, could not, couldn't, unable to, not able to, aren't able to, isn't able to, wasn't able to, can no longer, "
        "are unable, is unable, no longer able to, never manage to, don't manage to, fail to, fails to, failed to, failing to, fail at, fails at, "
        "doesn't, does not, don't, do not, won't, will not, wont, dont, doesnt, never, didn't, did not, struggle to, struggles to, no way to, no chance to, "
        "having trouble, have trouble, having problems, have problems, having issues, have issues, trouble, impossible to, refuses to",
    ),
    "enter": _list(
        "log in, login, log on, logon, log into, logging in, logging into, sign in, sign on, sign into, signing in, get in, get into, get on, get onto, get to, connect, "
        "connecting, connected, access, accessing, reach, reaching, enter, entering, open, opening, load, loading, start, starting, launch, launching, spawn, spawning, "
        "use, using, work, working, save, saving, saved, write, writing, create, creating, run, running, execute, see, view, find, read, reading, upload, "
        "download, authenticate, authenticating, submit, edit, store, list, begin, boot, boot up, come up, hand in, fetch, join, do anything, do something, do any work, get past, "
        "bring up, proceed, continue, respond, pass, load up, start up, work on",
    ),
    "kein": _list("nicht, nicht mehr, kein, keine, keinen, keiner, keinem, nichts"),
    "einloggen": _list(
        "einloggen, anmelden, zugreifen, starten, gestartet, startet, starte, offnen, geoffnet, offnet, speichern, gespeichert, laden, geladen, ladt, arbeiten, "
        "verbinden, erreichen, erreicht, nutzen, benutzen, hochfahren, sehen, angezeigt, reagieren, antworten, ausfuhren, aufrufen, aufgerufen, hochladen, "
        "schreiben, fahren hoch, fahrt hoch, funktioniert, funktionieren, lauft, laufen, geht, gehen, rein, reinkommen, kommt hoch, hinein, an, weiter",
    ),
    "connecter": _list(
        "connecter, se connecter, nous connecter, acceder, demarrer, demarre, demarrent, lancer, se lance, se lancent, ouvrir, s' ouvre, ouvre, ouvrent, enregistrer, sauvegarder, "
        "sauver, ecrire, charger, charge, chargent, travailler, repond, repondent, fonctionne, fonctionnent, marche, marchent, entrer, utiliser, atteindre, lire, voir, afficher, executer, "
        "joindre, accede, accedent, connecte, connectent, s' affiche, s' affichent, affiche, affichent",
    ),
    "entrar": _list(
        "entrar, acceder, conectar, conectarse, conectarnos, iniciar, iniciar sesion, arrancar, arranca, arrancan, abrir, abre, abren, abrirse, guardar, guardan, cargar, carga, cargan, "
        "trabajar, usar, inicia, inician, responde, responden, funciona, funcionan, ver, vemos, ejecutar, escribir, ingresar, levantar, levantan, levanta, aparecen, aparece, entra, subir, acceden, accede",
    ),
    "gone": _list(
        "offline, unreachable, inaccessible, unavailable, dead, gone, down again, not reachable, not available, not accessible, not responding, not loading, not working, unresponsive, "
        "not answering, not up, not online, kaputt, erreichbar nicht, inoperative, not operational, out of service, broken for everyone, no longer reachable, no longer accessible, "
        "no longer available, no longer responding, not coming up, on its knees, toast, completely broken, fully broken, broken completely, frozen for everyone, kaput, crashing, "
        "having an outage, experiencing an outage, suffering an outage",
    ),
    "down": _list(
        "down, offline, dead, unreachable, inaccessible, unavailable, unresponsive, gone, kaputt, not reachable, not accessible, not responding, not available"
    ),
    "is": _list(
        "is, are, was, were, seems, seem, appears, appears to be, seems to be, went, goes, has been, have been, had been, has gone, looks, look, keeps, remains, stays, being, becomes, became, "
        "hub's, server's, it's, it is, to have, to be, has to be, that's, be, been, isn't, aren't, got, suddenly, currently, completely, totally, still, again, now, just, all, is apparently",
    ),
    "nobody": _list(
        "nobody, no one, noone, none of us, none of the, none of our, none of my, none of them, not a single, not one of, no user, no users, no student, no students, no participant, no participants, "
        "no member, neither of us, neither the students, none, no learner, no learners, no colleague, nobody's, no one's, no-one, neither i nor, nobody else",
        "niemand, keiner, kein nutzer, kein benutzer, keine nutzerin, niemanden, niemandem, keiner von uns, kein student, keine studierenden, kein mensch, keine person, kein teilnehmer",
        "personne, aucun, aucune, plus personne, aucun de nos, aucun des, aucun utilisateur, aucun etudiant",
        "nadie, ninguno, ninguna, ningun, ningun usuario, ningun alumno, ningun estudiante",
    ),
    "anybody": _list(
        "anybody, anyone, any user, any users, any student, any students, any of us, any of our, any of the, any of my"
    ),
    "everyone": _list(
        "everyone, everybody, all users, all of us, all of our, all of my, all of the, all of them, all our, all my, all the users, all the students, all students, all participants, all members, all groups, all accounts, "
        "all the participants, all researchers, all learners, all attendees, all colleagues, all people, all hub users, each user, each student, every user, every student, every participant, every member, every account, every one of, each of us, each of the, each of our, "
        "the whole class, the whole team, the whole group, the whole lab, whole class, whole group, whole team, whole department, whole lab, whole course, entire class, entire group, entire team, entire lab, entire department, entire course, "
        "whole institute, entire institute, several people, several users, several students, several of us, several colleagues, several members, several participants, multiple users, multiple people, multiple students, multiple participants, multiple accounts, "
        "many users, many students, many people, many of us, many of our, most of us, most users, most students, most of our, most of the, most people, half of the, half the class, half of us, half of my, half of our, "
        "dozens of, a lot of users, lots of users, lots of students, lots of people, other users too, others too, others as well, everywhere, for all, the same for others, two of us, three of us, four of us, both of us, "
        "a dozen, a handful of, a number of users, a number of students, a few users, a few students, a few people, a few of us, some users, some students, some of us, some people, some of our, some of the students, couple of users, two colleagues, three colleagues, two students, three students, more and more, "
        "users report, users are reporting, students report, people report, our users, other people, colleagues confirm, colleague confirms, my colleagues, and colleagues, same for my, not just me, not only me, it's not just me, isn't just me, me included, me too, same for everybody, "
        "all hands, users can't, students can't, users cannot, students cannot, all our users, crew, all servers, all notebooks, all sessions, all kernels, all homes, all home directories, all files, all user servers, every server, any server, no server, no servers, no kernels, no kernel, no notebook server, "
        "us all, nobody's, everyone's, everybody's, whoever",
        "alle nutzer, alle, allen, aller, bei allen, fur alle, alle studierenden, mehrere, mehrere nutzer, mehreren, samtliche, ganze gruppe, ganze kurs, ganzen, gesamte, gesamten, gesamter, kollegen, kolleginnen, studierende, studierenden, studenten, teilnehmenden, teilnehmer, uns allen, wir alle, jeder, jedem, unsere nutzer, die nutzer, meine studierenden, jeden, viele",
        "tous, toutes, tout le monde, toute l' equipe, tous les utilisateurs, nos utilisateurs, nos etudiants, les etudiants, mes etudiants, plusieurs, toute la classe, tout le groupe, l' ensemble, mes collegues, les utilisateurs, chacun, toute la, chez nous",
        "todos, todas, todo el mundo, todo el grupo, toda la clase, varios, varias, nuestros usuarios, los usuarios, los estudiantes, mis estudiantes, mis alumnos, los alumnos, mis companeros, nadie, nuestros estudiantes, todo el equipo, cada, muchos, los participantes",
    ),
    "we": _list(
        "we, we're, we've, we'd, us, users, students, people, participants, colleagues, they, attendees, researchers, learners, trainees, pupils, kids, staff, instructors, members, wir, uns, bei uns, nous, chez nous, no podemos, nosotros, nos, podemos"
    ),
    "group": _list(
        "the students, my class, my students, our students, our class, the class, the group, our group, my group, our team, my team, the team, the participants, our participants"
    ),
    "symptom": _list(
        "stale, evicted, corrupt, corrupted, infinite, glitch, mismatch, does not match, not match, loop, redirected, invalid,",
        "error, errors, failure, failures, fails, fail, failed, failing, crash, crashes, crashed, crashing, times out, timing out, timed out, time out, stuck, hangs, hang, hanging, hung, frozen, freezes, freezing, dying, die, dies, killed, "
        "kicked out, thrown out, logged out, locked out, booted out, disconnected, disconnecting, disconnect, refused, rejected, blank, empty, white, missing, vanished, disappeared, lost, gone, broken, not working, read-only, read only, slow, very slow, crawls, crawling, crawl, unusable, sluggish, unresponsive, snail, "
        "lagging, spinning, spinner, endless, forever, unstable, unreliable, interrupted, dropped, drops, drop, denied, forbidden, full, refusing, pending, queued, interruption, ages, unbearably",
        "fehler, fehlermeldung, hangt, hangen, absturz, sturzt, sturzen, abgesturzt, langsam, leer, verschwunden, weg, kaputt, voll, fehlgeschlagen, bricht ab, brechen ab, rausgeworfen, scheitert, scheitern, gescheitert, fehlt, fehlen, getrennt, lahmt, haengt, hangengeblieben, unbenutzbar, ausgesperrt",
        "erreur, erreurs, echoue, echouent, bloque, bloques, bloquee, lent, lente, lents, plante, plantent, vide, vides, disparu, disparus, disparues, perdu, perdus, expulses, deconnectes, deconnecte, inutilisable, refuse, pleine, plein, rame",
        "error, errores, falla, fallan, fallo, bloqueado, bloqueados, lento, lenta, lentos, lentisimo, vacio, vacia, vacios, vacias, desaparecido, desaparecieron, perdido, cuelga, se cuelga, colgado, caido, expulsados, expulso, lleno, llena, sin respuesta",
    ),
    "elsewhere": _list(
        "grafana, prometheus, dashboard, dashboards, panel, panels, metrics, monitoring, monitor, alertmanager, tableros, tableau de bord, tableaux de bord, github actions, canvas, moodle, zoom, slack, confluence, jira, gitlab, vpn, eduroam, wifi, wi-fi, campus network, our network, network of the, lms, "
        "price, prices, binderhub, mybinder, binder, our website, status page, staging, staging hub, test hub, dev hub, sandbox hub, mailing list, forum, docs site, documentation, bucket, buckets, s3, gcs, nagios, ci, deploy action, workflow, dask cluster, dask workers, dask gateway, "
        "dask, ssh, rstudio session, colab, blackboard, overleaf, zenodo, dropbox, earthdata, thredds, dataset, ftp, testhub, license server, licence server, postgres, database of, mail server, conda-forge, pypi, docker hub, dockerhub, overview of costs, cost report, autosave, upstream",
    ),
    "month": _list(
        "jan, january, feb, february, mar, march, apr, april, may, jun, june, jul, july, aug, august, sep, sept, september, oct, october, nov, november, dec, december, januar, februar, marz, mai, juni, juli, oktober, dezember, "
        "janvier, fevrier, mars, avril, juin, juillet, aout, septembre, octobre, novembre, decembre, enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre, diciembre",
    ),
    "day": _list(
        "monday, tuesday, wednesday, thursday, friday, saturday, sunday, mon, tue, wed, thu, fri, sat, sun, montag, dienstag, mittwoch, donnerstag, freitag, lundi, mardi, mercredi, jeudi, vendredi, lunes, martes, miercoles, jueves, viernes"
    ),
    "event": _list(
        "workshop, workshops, hackathon, hackweek, hack week, hackathons, bootcamp, boot camp, summer school, winter school, spring school, fall school, autumn school, field school, short course, training event, training day, training week, training session, "
        "training, tutorial day, tutorial session, tutorial, codefest, datathon, hands-on session, hands-on, exam, exams, midterm, midterms, final exam, sprint week, masterclass, sommerschule, winterschule, schulung, klausur, prufung, blockkurs, kurswoche, event, events, conference session, "
        "atelier, ecole d' ete, ecole d' hiver, formation, examen, hackaton, taller, talleres, curso intensivo, escuela de verano, evento, examenes, seminar week, demo day, carpentry, carpentries, examination, quiz, school, webinar, live demo, field course, course week, evenement, stage, travaux pratiques",
    ),
    "ask": _list(
        "could you, can you, could u, can u, would you, please, pls, plz, can we get, can we have, may we have, could i have, can i get, can i have, may i have, we would like, we'd like, i would like, i'd like, i'd love, we'd love, we need, i need, we want, i want, we'd need, we would need, we will need, "
        "we'll need, i would need, we wish, would it be possible, is it feasible, would it be feasible, any chance, requesting, request, i request, we request, it would be great, would be great, it would be nice, would be nice, would be good, would be useful, would be helpful, would appreciate, we'd prefer, we would prefer, kindly, "
        "needs to be, need to be, should be, must be, must, should, needs, i'm asking, asking for, ask for, looking for, want, wants, to be, have to be, has to be, it'd be great, hoping to, hope to, let's, wish, wishes",
        "bitte, konnten sie, konnt ihr, kann, konnen sie, konnten, wir brauchen, wir brauchten, wir benotigen, ich brauche, ich benotige, ich mochte, wir mochten, wir wunschen, ware es moglich, braucht, benotigt, mochten, mochte, wunschen, hatten gern, wurden gern",
        "pouvez-vous, pourriez-vous, peut-on, pourrait-on, serait-il possible, est-il possible, nous aimerions, nous voudrions, j' aimerais, je voudrais, nous souhaitons, je souhaite, merci de, besoin de, avons besoin, ai besoin, faudrait, svp, s' il vous plait, aimerions, souhaiterions",
        "pueden, podrian, puede, podria, por favor, quisieramos, queremos, quiero, quisiera, necesitamos, necesito, nos gustaria, me gustaria, seria posible, es posible, solicitamos, solicito, se puede, se podria, favor de, hace falta",
    ),
    "do": _list(
        "give, given, provide, provided, offer, offered, include, included, make, made, put, bring, show, hide, try, set, point, copy, share, help, get, have, use"
    ),
    "make": _list(
        "add, adding, added, install, installing, installed, set up, setup, enable, enabling, enabled, activate, activated, increase, increased, raise, raised, bump, bumped, extend, extended, upgrade, upgraded, update, updated, change, changed, switch, switched, move, moved, migrate, migrated, rename, renamed, replace, replaced, remove, removed, "
        "delete, deleted, disable, disabled, grant, granted, allow, allowed, let in, let into, invite, invited, re-invite, restrict, restricted, limit, limited, reduce, reduced, lower, lowered, cut, shrink, scale, scale down, scale up, downsize, resize, resized, configure, configured, create, created, mount, mounted, "
        "redirect, pin, pinned, deploy, deployed, provision, provisioned, turn on, turn off, turned on, turned off, block, blocked, revoke, revoked, rotate, rotated, approve, approved, restore, restored, recover, decommission, shut down, archive, archived, double, doubled, "
        "expand, expanded, rebuild, rebuilt, merge, merged, transfer, transferred, whitelist, whitelisted, allowlist, onboard, unblock, register, registered, assign, assigned, promote, promoted, link, adjust, adjusted, customize, customise, swap, swapped, roll back, rolled back, bumping, hook up, wire up, plug in, expose, exposed, publish, default to, get rid of, fix the typo, exclude, spin up, clean up, wipe, wiped, use the tag, offboard, replicate, ",
        "hinzufugen, hinzugefugt, installieren, installiert, freischalten, freigeschaltet, freigeben, freigegeben, erhohen, erhoht, vergrossern, einrichten, eingerichtet, aktivieren, aktiviert, andern, geandert, aktualisieren, aktualisiert, entfernen, entfernt, loschen, geloscht, anlegen, angelegt, umstellen, umgestellt, einladen, umziehen, aufnehmen, bereitstellen, erweitern, erweitert, eintragen, zuruckrollen, ersetzen, sperren, verschieben, freischaltung, freigabe, installation, erhohung, umbenennen",
        "ajouter, installer, augmenter, activer, creer, modifier, changer, mettre a jour, supprimer, autoriser, donner, accorder, inviter, retirer, configurer, remplacer, renommer, desactiver, monter, passer, deplacer, etendre, elargir, ajout, installation, rajouter, retablir, fournir, migrer",
        "agregar, anadir, instalar, aumentar, activar, habilitar, crear, modificar, cambiar, actualizar, eliminar, borrar, dar acceso, dar, otorgar, invitar, quitar, configurar, reemplazar, renombrar, desactivar, ampliar, mover, subir, incluir, agreguen, instalen, autorizar, montar, migrar, usar la etiqueta, poner",
    ),
    "question": _list(
        "how do, how does, how can, how could, how should, how would, how to, how is, how are, how long, how much, how many, how often, how big, how far, how quickly, how fast, where do, where can, where is, where are, where should, where does, where would, where to, what is, what's, whats, what are, what does, what do, what would, what happens, what should, what kind, what will, "
        "which, who is, who are, who can, who may, who has, who do, whom, whose, when is, when are, when will, when do, when does, why is, why are, why does, why do, is there, are there, do you, does the, does it, does anyone, do we, do i, do they, is it ok, is it okay, is it safe, is it allowed, is that, is this, is our, are our, am i, are we, may i, should i, should we, should they, can i, can we, "
        "can students, can users, can people, can they, has any, have any, has anyone, is anyone, did you, has that, has this, have you, will it, will the, would our, is it true, is the, are the, are you, would you recommend, what about, any advice, any hints, any ideas, any recommendation, any recommendations, any tips, any idea, any guidance, any documentation, any docs, "
        "in which, at which, on which, from which, until when, since when, by when, does that, do these, do users",
        "wie kann, wie konnen, wie lange, wie viel, wie viele, wie kommt, wie macht, wie lade, wie teile, wo kann, wo finde, wo liegen, wo sind, wo ist, wo werden, was ist, was passiert, was tun, welche, welcher, welches, wer ist, wer kann, gibt es, kann man, darf ich, durfen wir, muss ich, mussen wir, sollten wir, warum, wann, wieso, ist es moglich, wie, werden die",
        "comment, ou sont, ou est, ou puis-je, ou trouver, quel, quelle, quels, quelles, qui, combien, est-ce que, est-ce qu', y a-t-il, existe-t-il, pourquoi, quand, puis-je, peut-on, dois-je, faut-il, peuvent-ils, que faire, que se passe-t-il, qu' est-ce",
        "como, donde, que es, cual, cuales, quien, quienes, cuanto, cuanta, cuantos, hay alguna, hay algun, existe, por que, cuando, puedo, podemos, debo, debemos, se puede, que pasa, que hacer, es posible",
    ),
    "person_noun": _list(
        "me, him, her, them, user, users, student, students, colleague, colleagues, postdoc, postdocs, member, members, person, people, ta, tas, labs, cohort, instructor, instructors, collaborator, collaborators, researcher, researchers, participants, staff, intern, interns, teacher, teachers, professor, account, accounts, team"
    ),
    "package": _list(
        "package, packages, library, libraries, module, modules, kernel, kernels, extension, extensions, plugin, plugins, plug-in, software, tool, tools, rstudio, vscode, vs code, code-server, julia, matlab, octave, stata, r package, r packages, conda package, dependency, dependencies, gdal, cartopy, xarray, pytorch, tensorflow, jax, latex, texlive, font, fonts, apt, jupyter-ai, quarto, "
        "paket, pakete, bibliothek, bibliotheken, software, erweiterung, paquet, paquets, bibliotheque, bibliotheques, logiciel, paquete, paquetes, libreria, librerias, biblioteca",
    ),
    "resource": _list(
        "memory, ram, cpu, cpus, core, cores, gpu, gpus, disk, disk space, storage, quota, quotas, space, gb, gib, tb, node, nodes, limit, limits, resources, resource, capacity, machine, machines, server size, server sizes, instance type, home directory size, timeout, arbeitsspeicher, speicher, speicherplatz, kontingent, memoire, espace disque, espace, quota disque, memoria, almacenamiento, espacio, cuota",
    ),
    "rights": _list(
        "access, admin, admins, administrator, administrators, admin rights, rights, permission, permissions, privileges, role, roles, sudo, root, write access, read access, admin access, account, accounts, membership, allowlist, whitelist, zugang, zugriff, adminrechte, rechte, berechtigung, berechtigungen, konto, acces, droits, droits d' administrateur, administrateur, compte, comptes, acceso, permisos, permiso, administrador, cuenta, cuentas",
    ),
    "artifact": _list(
        "Traceback, exception, stacktrace, stack trace, KilledWorker, ImportError, ModuleNotFoundError, OSError, KeyError, ValueError, TypeError, PermissionError, MemoryError, RuntimeError, AttributeError, FileNotFoundError, NameError, ConnectionError, TimeoutError, SyntaxError, HTTPError, UnicodeDecodeError, SystemError, IndexError, AssertionError, segfault, segmentation fault, core dumped, errno, enospc, econnrefused, CrashLoopBackOff, ImagePullBackOff, ErrImagePull, OOMKilled, FailedMount, FailedScheduling, "
        "AccessDenied, VersionMismatchWarning, SIGKILL, sigterm, SSLError, NoCredentialsError, CalledProcessError, JSONDecodeError, ServerDisconnectedError, spawn failed, failed to pull image, bad gateway, gateway timeout, gateway time-out, internal server error, service unavailable",
    ),
}
