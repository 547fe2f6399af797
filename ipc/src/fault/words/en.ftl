# What can go wrong, in English: see ipc/src/fault.rs.
#
# title-RPAnnnn and hint-RPAnnnn belong to a code, fact-* name the facts below a
# message, error-* and reason-* are what is stored of steps, and everything else is
# a message or a hint that some place in the source names. The same ids with the
# same arguments stand in the other languages.


## Around a fault

label-error = error
label-warning = warning
label-hint = hint
label-see = see
label-exit-code = exit code { $code }

fact-host = host
fact-ssh = ssh
fact-action = action
fact-applied-before = applied before
fact-away = away
fact-pid = pid
fact-request-id = request_id
fact-row = row
fact-run = run


## Names

name-empty = is empty
name-too-long = is longer than { $most } characters
name-ident = must match [a-z_][a-z0-9_]*
name-hyphen = has a hyphen, which an expression reads as a minus; write "{ $instead }"
name-label = must match [a-z0-9][a-z0-9_-]{"{"}0,63{"}"}
name-event = must match [a-z0-9][a-z0-9_.-]{"{"}0,63{"}"}
name-workflow = is not NAME or NAMESPACE/NAME
name-run = is not a run id (a UUID)
name-step-path = is not a step path such as usage


## The way to the daemon

no-answer = the daemon did not answer in time
connection-lost = the connection was lost: { $error }
no-greeting = the daemon at { $socket } accepts but does not greet
socket-missing = no daemon: there is no socket at { $socket }
socket-abandoned = no daemon: nothing answers at { $socket } (a left-over socket)
socket-denied = no permission to open the socket { $socket }
hint-own-daemon = ask to be added to the group rpad, or use your own daemon
socket-failed = cannot connect to { $socket }: { $error }
greeting-broken = the daemon hung up during the greeting: { $error }
not-rpad = what listens there is not rpad
peer-refused = you may not use this daemon
connections-taken = all connections of the daemon are taken
protocols-differ = this client speaks protocol { $ours }, the daemon { $theirs }
host-unreachable = { $host } cannot be reached by ssh: { $why }
host-ended = ssh to { $host } ended with { $exit } before rpa answered there: { $why }
host-without-rpa = { $host } has no rpa in the PATH of its shell
host-no-ssh = { $program } cannot be started: { $error }
host-old = the rpa of { $host } is too old for --host
host-said = on { $host }: { $why }
host-name = { $host } is no destination for ssh
host-words = RPA_SSH cannot be read: a quote in it is not closed
host-files = the rpa of { $host } is of another version, and this command has files of this machine: { $files }
hint-host-name = write it like host, user@host or ssh://user@host:2222
hint-host-words = write it like RPA_SSH='ssh -p 2222 -i ~/.ssh/key'
hint-host-version = install the same version of rpa here as there, or copy the files and run rpa there
hint-host-old = install the same version of rpa there, or run it there: ssh HOST rpa ...
hint-host-nobody = ssh has nobody here who could answer it: run the command in a shell once, or give ssh a key it may use
request-too-long = the request is larger than { $most } MiB: it was not sent
log-stream-broken = the log stream broke: { $error }
log-stream-closed = the daemon closed the log stream


## The start and the end of the daemon

no-runtime = no runtime: { $error }
no-present-directory = the present directory cannot be told: { $error }
no-signals = no signal handling: { $error }
driver-broke = the driver broke: { $panic }; what was acknowledged is safe in the store
settings-wrong = { $problems }
settings-line = { $place }: { $problem }
settings-line-hint = { $place }: { $problem } ({ $hint })
settings-of = { $setting }: { $problem }
settings-other = { $text }
settings-in-order = the settings are in order: { $file }
settings-none = there is no file of settings: each setting has its default
log-filter = daemon.log "{ $text }": { $error }
log-level = daemon.log "{ $text }": "{ $word }" is not a level
hint-log-filter = error, warn, info, debug or trace, also by module: info,rpad::driver=debug
log-file = daemon.log_file { $path }: { $error }
log-file-nameless = daemon.log_file { $path }: it names no file
no-home = there is no home directory to keep the { $what } in
hint-home = set HOME, or name the paths with RPAD_CONFIG, RPAD_STATE_DIR and RPA_SOCKET
socket-path-long = the socket path { $path } has { $bytes } bytes; a Unix socket allows { $most }
hint-shorter-socket = name a shorter one with --socket or RPA_SOCKET, for example /tmp/rpad.sock
state-dir-relative = the state directory { $path } is not an absolute path
hint-absolute-path = write a path that begins with /
state-dir-failed = the state directory { $path }: { $error }
state-dir-no-directory = the state directory { $path }: it is not a directory
hint-state-dir = give it to the daemon's user, or name another with --state-dir
state-dir-taken = the daemon with pid { $pid } uses { $path } already
hint-other-state-dir = use that one, stop it, or name another directory with --state-dir
runner-dir = the runner cannot use { $path }: { $error }
runner-not-started = no runner can be started for { $path }: { $error }
runner-ended = the runner that was started for { $path } has ended: { $said }
runner-late = the runner that was started for { $path } was not ready after { $seconds } s and was ended
runner-silent = the runner of { $path } does not answer: { $error }
runner-of-another = the runner of { $path }, pid { $pid }, holds steps of another store
runner-of-a-later-start = the runner, pid { $pid }, works for start { $theirs } of the daemon on this store; this one is start { $ours }
runner-lock-taken = the runner with pid { $pid } works for { $path } already
hint-runner-log = see runner.log in that directory; a runner that hangs is found with `fuser runner.lock`
cannot-listen = cannot listen at { $socket }: { $error }
hint-other-socket = name another socket with --socket
socket-taken = another daemon answers at { $socket }
hint-stop-or-other-socket = stop it, or name another socket with --socket
not-a-socket = { $path } is there and is not a socket


## The store

archive-damaged = the archive { $path } is damaged: { $detail }
store-damaged = the store { $path } is damaged: { $detail }
store-run-damaged = the stored rows of run { $run } are damaged, and it is set aside: { $detail }
store-notification-damaged = notification { $id } cannot be read, and is set aside: { $detail }
store-newer = { $path }: { $detail }
store-full = no space left for the store { $path }: { $detail }
store-open-elsewhere = { $path } is open in another process
store-failed = { $path }: { $detail }


## What the daemon refuses

unexpected = unexpected: { $detail }
inbox-full = { $count ->
    [one] { $count } request is waiting already
   *[other] { $count } requests are waiting already
}
daemon-stopped = the daemon has stopped
no-new-runs = no new runs are accepted
no-store-here = there is no store in { $path }
disk-full = nothing new is accepted while the disk is full
disk-low = nothing new is accepted while the disk is nearly full
peer-denied = { $peer } may not use this daemon
hint-archive-damaged = the live store is not at fault. To go on without the runs of that day: mv { $path } elsewhere
hint-ask-administrator = ask an administrator to add you to the group { $group }
request-id-form = a request id is 1 to { $most } printable characters
hint-request-id = for example a UUID
request-too-large = { $error }
request-reused = request id "{ $request }" started run { $run } with another workflow or other variables
workflow-name = "{ $name }" { $why }
no-workflow = there is no workflow { $workflow }
hint-near-workflow = did you mean { $near }? see `rpa workflows`
no-revision = { $workflow } has no revision { $revision }
no-draft = no draft of { $workflow } waits to be published
not-published = { $workflow } takes no runs: no revision of it is published
overtaken = { $workflow } has revision { $newest } by now: the file is for revision { $base }
overtaken-new = { $workflow } is there by now, as revision { $newest }: the file is for a new one
overtaken-none = { $workflow } is not there: the file is for revision { $base } of it
base-of-one = --base is the revision of one workflow: it takes one file, and here are { $count }
rollback-to-draft = revision { $revision } of { $workflow } is a draft that was never live: there is nothing to go back to
hint-publish-revision = make it live with `rpa publish { $workflow } { $revision }`
hint-publish = publish its draft with `rpa publish { $workflow }`
no-triggers = { $workflow } has no triggers
which-trigger = { $workflow } has several triggers: { $names }
schedule-broken = trigger { $trigger } of { $workflow } names no moments: { $error }
hint-schedule = { $hint }; calendars stand in rpad.toml
backfill-too-many = { $count } slots have had no run, and at most { $max } are filled in at once
backfill-no-room = { $slots } slots have had no run, and there is room for { $room } more: at most { $most } wait for a run to end
hint-backfill-no-room = wait until some of them have had their runs, or take a shorter time
hint-backfill-max = take a shorter time, or say how many with `--max`
backfill-backwards = { $from } is not before { $to }
hint-backfill-backwards = `--from` is the first moment, `--to` the one before which it ends
preview-what = name a workflow, or give a cron expression with `--cron`
why-slot-step = a slot has no steps: its run has, see `rpa slots`
why-slot-time = "{ $time }" is no time of a slot: { $error }
trigger-gone = the live revision does not declare it
trigger-broken = { $problem }
trigger-disabled-in-file = the workflow file says `enabled: false`
trigger-disabled = disabled by { $by } at { $at }
trigger-paused = paused by { $by } at { $at }
trigger-disabled-by = disabled by { $by } at { $at }: { $note }
trigger-paused-by = paused by { $by } at { $at }: { $note }
trigger-paused-failures = { $failures ->
    [one] its run failed
   *[other] { $failures } runs failed one after the other
 }
trigger-held = the store was restored from a backup: `rpa resume --restored`
slot-waits-time = its time is { $at }
slot-waits-catch-up = it is caught up as soon as it is its turn
slot-waits-run = the run of an earlier slot goes on
slot-in-gap = the clock leaps over it when summer time begins
slot-in-fold = the clock shows it twice when summer time ends; the other one is meant
slot-off-calendar = its day is none of the schedule's
slot-merged = another slot that was put off stands for it
slot-overlap = run { $run } of an earlier slot went on
slot-superseded = it waited for a run to end, and a newer slot stands for it
slot-queue-full = as many slots wait as may
slot-paused = the trigger was paused
slot-disarmed = it waited, and the trigger was disabled or taken out
slot-condition = `if` of the trigger was false
slot-refused = { $code }: { $message }
slot-missed-down = the daemon was not running
slot-missed-clock = the clock was set forward, or the machine slept
slot-missed-restore = the daemon whose backup was restored may have fired it
cadence-slower = fires every { $effective } instead of every { $written }: { $lost } of the last { $all } slots had no run ({ $why })
cadence-none = fires not at all instead of every { $written }: none of the last { $all } slots had a run ({ $why })
cadence-late = fires late: { $late } of the last { $all } slots
cadence-overlapped = { $slots } skipped: overlap
cadence-missed = { $slots } missed
cadence-refused = { $slots } refused
cadence-merged = { $slots } merged with others that were put off
no-trigger = { $workflow } has no trigger { $trigger }
trigger-not-armed = trigger { $trigger } of { $workflow } is not armed: nothing starts it
not-a-starter = { $who } may not start { $workflow }: its trigger { $trigger } names who may
hint-starters = one of these may: { $who }
variable-not-by-hand = { $name } is not to be given by hand: trigger { $trigger } of { $workflow } names the variables that are
hint-by-hand = these may be given: { $names }
trigger-data-size = { $bytes } bytes for a trigger; at most { $most }
delivery-merged = delivery { $into } stands for it
delivery-gathers = it waits for others that may come to the same run
delivery-throttled = as many runs as may have begun in this time
delivery-paused = the trigger is paused
delivery-closed = no run is accepted for now: for want of space, as the workflow is out of service, or as the store was restored
delivery-too-many = as many runs as may had begun in this time
delivery-too-many-held = as many as may were held already
delivery-restored = the daemon whose backup was restored may have started it
delivery-changed = it waited, and the trigger was given another source
trigger-failing = its source hears nothing for now: { $problem }
trigger-data-no-object = what a trigger is told of is an object with fields
trigger-changed = trigger { $trigger } has just changed
hint-trigger-changed = send it again
trigger-restored = nothing is taken by triggers: the store was restored from a backup
hint-trigger-restored = let its runs and triggers go on: rpa resume --restored
trigger-without-slots = trigger { $trigger } of { $workflow } is of the kind { $kind }, which has no slots
trigger-full = trigger { $trigger } holds { $held } deliveries of { $size } MiB; at most { $most } and { $largest } MiB may wait
hint-trigger-full = try again later; `rpa triggers` says what it waits for
trigger-too-far = trigger { $trigger } of { $workflow } is reached by { $most } runs that led one to the next
hint-trigger-too-far = break the circle of `after` and `event` triggers, then fire the trigger by hand if its run is missing
trigger-chain = triggers would start these workflows one after the other without an end: { $circle }
hint-trigger-chain = take one `after` out of the circle
trigger-condition = `if` of trigger { $trigger } cannot be evaluated: { $error }
trigger-variable = variable { $name } of trigger { $trigger } cannot be evaluated: { $error }
watch-absent = the directory { $directory } is not there
watch-no-directory = { $directory } is no directory
watch-unreadable = { $path } cannot be read: { $error }
hint-watch-unreadable = let the user of the daemon read it: ls -ld { $path }
watch-place-unread = { $path } is passed over, as it cannot be read: { $error }
watch-places-unread = { $path } and { $more } more are passed over, as they cannot be read: { $error }
hint-watch-place-unread = let the user of the daemon read it, or move it away: ls -ld { $path }
watch-too-many = { $directory } has more than { $most } files that are meant, or directories
hint-watch-too-many = move old files away, or say in `include` and `exclude` which are meant
watch-limit = { $directory } is looked at only every { $seconds } s: the kernel watches no more directories for this user
hint-watch-limit = sysctl fs.inotify.max_user_watches says how many it watches: raise it; the daemon notices
watch-instances = { $directory } is looked at only every { $seconds } s: the kernel gives this user no more inotify instances
hint-watch-instances = raise fs.inotify.max_user_instances with sysctl, then restart the daemon
watch-refused = { $directory } is looked at only every { $seconds } s: the kernel does not watch it: { $error }
watch-other-directory = { $directory } is empty, and is not the directory in which { $count } files were seen: is a disk not mounted?
hint-watch-other-directory = mount it; if the directory is right as it is, it is taken with the first file in it
watch-odd-name = the name of { $name } is no UTF-8: it was passed over
workflow-disabled = { $workflow } takes no new runs: { $who } disabled it at { $when }
hint-enable = let it take runs again with `rpa enable { $workflow }`
workflow-archived = { $workflow } is archived: { $who } archived it at { $when }
hint-restore = bring it back with `rpa restore { $workflow }`
workflow-exists = there is a workflow { $workflow } already
cannot-rename = `{ $key }` of { $workflow } is written in a way that only a person can change
note-form = a note is one line of at most { $most } bytes
note-control = a note has no control characters, such as tabs or colours of a terminal
bundle-large = { $files ->
    [one] a bundle holds at most { $files } file
   *[other] a bundle holds at most { $files } files
} of { $most } MiB together
bundle-other-name = "{ $file }" of the bundle should be { $wanted }, but is { $found }
bundle-twice = { $workflow } is in the bundle twice
text-too-long = a text to look for has at most { $most } bytes
too-many-terms = a list of runs takes at most { $most } further conditions
text-length = a text to look for has 1 to { $most } bytes
hint-part-of-text = look for a part of it
no-run-status = "{ $word }" is no run status
hint-run-status = one of { $words }
not-a-run-id = "{ $id }" is not a run id
hint-run-id = give the id that `rpa runs` shows, or the end of it
no-run = there is no run "{ $id }" in namespace { $namespace }
run-gone = there is no run { $run }
runs-alike = { $count ->
    [one] { $count } run ends with "{ $id }"
   *[other] { $count } runs end with "{ $id }"
}
run-ended = run { $run }: the run has already ended
run-without-step = run { $run }: the run has no such step
step-not-in-doubt = run { $run }: the step is not in doubt
nothing-in-doubt = run { $run }: nothing there is in doubt
run-being-cancelled = run { $run }: the run is being cancelled, so the step cannot be run again
run-paused = run { $run } is paused already
run-not-paused = run { $run } is not paused
run-not-ended = run { $run } is { $status }: only a run that has ended can be run again
recording-not-ended = run { $run } is { $status }: only a run that has settled can be recorded
hint-recording-not-ended = wait for its end with `rpa logs -f { $run }`, or cancel it
recording-rerun = run { $run } took over steps of run { $before }, which it does not know
hint-recording-rerun = record a run that began at its beginning
recording-large = the run has more than { $most } attempts, too many for a file that people read
tests-none-in = there is no *.test.yaml in { $path }
tests-none-of = there is no { $path } beside { $workflow }
hint-tests = write one, or make it from a run with `rpa test record RUN`
tests-none-named = no test has { $text } in its name
hint-tests-named = names of tests are compared as they are written, capital letters as well
tests-there = { $path } is there already
hint-tests-there = give another name with -o, or move that file away
steps-would-repeat = run { $run }: steps of the class once would run again: { $steps }
hint-from-step = `--from` names a step of the workflow itself, in the revision that would run, not one inside another
hint-done-or-fail = say done or fail
step-not-asking = run { $run }: the step does not wait for an approval
approval-changed = run { $run }: what is to be approved is something else by now
not-an-approver = run { $run }: you are not among those who decide this
approval-of-own-run = run { $run }: nobody approves a run that they have started themselves
step-without-lock = what the step held was taken from it by a person: run { $run } does not run it again without that
fields-differ = others have approved run { $run } with other fields; approve the same ones, or reject
approval-twice = run { $run }: you have approved this already, and it takes several people
comment-form = a comment has at most { $most } characters, and no control characters but line breaks
fields-wrong = the form of { $step }: { $problems }
hint-fields = give the fields of the form with --field NAME=VALUE; it has { $known }
hint-no-fields = leave --field out: this approval has no form
pool-in-use = steps hold { $pool } or wait for it: it cannot be taken away
pool-size = a pool has 1 to { $most } tokens
lock-name = the name "{ $name }" { $why }
lock-not-held = { $lock } is not held by run { $run }, step { $step }
hint-locks = see who holds what, and who waits, with `rpa locks`
event-name = the name "{ $name }" { $why }
event-crowded = step { $step } of run { $run } has { $most } events { $event } to look at already: nothing was published
hint-event-crowded = publish it again in a moment, and more slowly
event-size = the data of the event have { $bytes } bytes; at most { $most } are allowed
workflow-circle = the workflow would call itself: { $circle }
no-step = run { $run } has no step { $step }
log-unreadable = the log of run { $run }: { $error }
foreign-cursor = the cursor is not from this list
values-too-large = the values are too large: { $error }
value-not-stored = a large value cannot be stored: { $error }

variables-wrong = { $workflow }: { $problems }
variable-unknown = { $name }: no such variable
variable-missing = { $name }: is required and was not given
variable-secret = { $name }: give the name of a secret, never its value (rpa never takes secrets as arguments)
variable-no-secret = { $name }: what was given is not the name of a secret that the daemon has; give the name of one, never its value
variable-text = { $name }: expected a { $expected }, got "{ $text }"
variable-unfit = { $name } { $why }
variable-type = { $name }: expected a { $expected }, got a { $got }
variable-not-plain = { $name }: only plain documents can be given
variables-further = and more
hint-variables = give variables with --var NAME=VALUE; it has { $known }
hint-no-variables = give variables with --var NAME=VALUE; it has none


## The command line

usage-refused = { $said }
output-twice = --json and another form in --output contradict each other
output-no-list = --output is for the list: what is asked for here is none
no-topic = there is no topic and no command { $topic }
hint-topics = see `rpa help`
hint-did-you-mean = did you mean `{ $name }`?
command-missing = a command is missing
output-failed = standard output cannot be written: { $error }
bug-in-rpa = { $panic }
hint-report-command = report it with the command that you gave and `rpa --version`
cannot-start = cannot start: { $error }
cannot-wait = cannot wait for signals: { $error }
no-fault = there is no fault code "{ $code }" in this version
no-task = there is no task type "{ $kind }" in this version
manual-failed = cannot write the manual pages to { $path }: { $error }
request-id-option = --request-id takes 1 to 128 printable characters
hint-same-request-id = the run may have been accepted: give the command again with this --request-id
not-back = the daemon did not come back in { $seconds } s
run-goes-on = the run has not ended after { $after }; it goes on
hint-run-goes-on = see `rpa show RUN`; end it with `rpa cancel RUN`
diff-sides = --file is the newer side: give one revision at most
only-revision = { $workflow } has one revision only: there is nothing to compare it with
file-unread = { $path } cannot be read: { $error }
file-unwritten = { $path } cannot be written: { $error }
bundle-to-terminal = a bundle is written neither to a terminal nor beside JSON; name a file with -o
bundle-unusable = { $path } is not a bundle: { $why }
bundle-compressed = it is compressed: run { $program } on it first
bundle-no-tar = it cannot be read as a tar file: { $error }
bundle-no-manifest = its first entry is not manifest.json
bundle-manifest = its manifest.json cannot be read: { $error }
bundle-format = its format is { $found }, this rpa knows { $known }
bundle-kind = "{ $path }" is not a plain file
bundle-place = "{ $path }" is not where the manifest may have a file
bundle-path-twice = "{ $path }" is there twice
bundle-file-size = "{ $path }" is larger than { $most } KiB
bundle-hash = "{ $path }" is not what the manifest says: its hash differs
bundle-text = "{ $path }" is not text in UTF-8
bundle-missing = "{ $path }" is listed, but not there
bundle-entries = { $most ->
    [one] it has more than { $most } file
   *[other] it has more than { $most } files
}
bundle-size = its files are larger than { $most } MiB together
output-without-done = --output is for a step that was done
resolve-what = with --all say done, retry or fail, after the loop or group or without one
hint-no-output = leave --output out
nothing-asked = run { $run } does not wait for an approval, and no run that it has called does
nothing-asked-at = no approval is asked for at { $step } of run { $run }
several-asked = several approvals are asked for in run { $run }: { $steps }
hint-approvals = see what is asked for with `rpa approvals` and `rpa show { $run }`
hint-name-step = say which: { $command }
digest-other = what { $step } asks for in run { $run } now has the digest { $digest }: it is not what you have seen
hint-look-again = read again what is asked, then give --digest { $digest }
event-data-unread = --data: { $path } cannot be read: { $error }
event-data-no-json = --data is not valid JSON: { $error }
event-data-deep = --data nests deeper than { $most } levels
hint-event-data = give the data as JSON, as --data @FILE, or as --field NAME=VALUE
run-cancelled = the run was cancelled

values-unusable = { $count ->
    [one] { $problems }
   *[other] { $count } values cannot be used
    { $problems }
}
value-twice = { $name }: is given twice
value-no-equals = { $word }: has no `=`
value-name = { $name }: the name { $why }
value-unread = { $name }: { $path } cannot be read: { $error }
value-file-unread = { $path }: cannot be read: { $error }
value-file-no-json = { $path }: is not valid JSON: { $error }
value-file-no-object = { $path }: must be a JSON object of names and values
value-file-name = { $path }: the name "{ $name }" { $why }
value-file-deep = { $path }: { $name } nests deeper than { $most } levels
hint-values = write NAME=VALUE, or NAME=@FILE for the content of a file

rows-format = the format of the rows in { $path } is not known
hint-rows-format = name a file that ends in .csv, .json, .yaml or .yml, or give --each-format
rows-unusable = { $count ->
    [one] { $path }: { $problems }
   *[other] { $path }: no row was submitted, as there are { $count } problems
    { $problems }
}
hint-rows = a CSV begins with the names of variables; JSON and YAML hold a list of objects
rows-syntax = cannot be read: { $error }
rows-no-text = is not text in UTF-8
rows-no-header = has no first row with the names of variables
rows-no-list = must be a list of objects
rows-too-many = has more than { $most } rows
rows-column = column { $column }: the name "{ $name }" { $why }
rows-column-twice = column { $column }: the name "{ $name }" is there twice
rows-further = { $count ->
    [one] and one more problem
   *[other] and { $count } more problems
}
row-name = row { $row }: the name "{ $name }" { $why }
row-fields = row { $row } (line { $line }): has { $count ->
    [one] 1 field
   *[other] { $count } fields
}, the header has { $columns }
row-encoding = row { $row } (line { $line }), column "{ $column }": is not text in UTF-8
row-no-object = row { $row }: must be an object of names and values
row-deep = row { $row }, column "{ $column }": nests deeper than { $most } levels
columns-unknown = { $count ->
    [one] { $workflow } does not know a column: { $problems }
   *[other] { $workflow } does not know { $count } columns
    { $problems }
}
column-unknown = { $name }: no such variable
column-unknown-row = { $name }: no such variable (first in row { $row })
hint-columns = leave them out or rename them; it has { $known }
hint-no-columns = leave them out; it has none
rows-request-id = with --each, --request-id takes at most { $most } characters: the row's number comes after it
rows-go-on = after { $after } { $count ->
    [one] one row has no run that has ended; accepted runs go on
   *[other] { $count } rows have no run that has ended; accepted runs go on
}
hint-rows-go-on = see `rpa runs`; to wait again give the command with --request-id { $id }

check-failed = { $problems ->
    [one] { $problems } problem
   *[other] { $problems } problems
} in { $files ->
    [one] { $files } file
   *[other] { $files } files
}
check-failed-nothing-applied = { $problems ->
    [one] { $problems } problem
   *[other] { $problems } problems
} in { $files ->
    [one] { $files } file
   *[other] { $files } files
}; nothing was applied
check-failed-by-daemon = { $problems ->
    [one] { $problems } problem
   *[other] { $problems } problems
} in { $files ->
    [one] { $files } file
   *[other] { $files } files
} (the daemon's check)
hint-check-again = correct what is listed, then check again


## The console

console-no-input = rpa-tui needs a terminal: standard input is none
console-no-output = rpa-tui needs a terminal: standard output is none
hint-console-scripts = in scripts and pipes use `rpa`, see `rpa --help`
terminal-failed = the terminal cannot be used: { $error }
as-rpa-words = the console hands its words over on standard input: { $error }
console-read-only = this console changes nothing: it is read-only
hint-console-read-only = turn read_only off in the settings (,), or start it without --read-only
console-settings = { $problems }
console-settings-file = { $path }: { $error }
hint-console-settings = see rpa-tui(1)
hint-console-settings-file = repair the file, or name another one with --config or RPA_TUI_CONFIG
setting-syntax = { $place }: { $error }
setting-unknown = { $place }: there is no setting "{ $key }"; settings: { $known }
setting-meant = { $place }: there is no setting "{ $key }"; did you mean "{ $near }"? settings: { $known }
setting-type = { $place }: { $key } cannot be of type { $type }: write { $range }
setting-value = { $place }: { $key } cannot be "{ $text }": write { $range }
console-keys = the usual keys hold, as keys.toml has what cannot be: { $problems }
hint-console-keys = mend it with the help of `rpa-tui --keys`, which prints such a file
keys-no-scope = { $place }: there is no place "{ $word }"{ $near ->
    [none] {""}
   *[other] ; did you mean "{ $near }"?
}; places: { $known }
keys-no-action = { $place }: there is no action "{ $word }" there{ $near ->
    [none] {""}
   *[other] ; did you mean "{ $near }"?
}; actions: { $known }
keys-type = { $place }: keys are texts: write "x" or ["x", "F5"]
keys-no-key = { $place }: there is no key "{ $word }": write a character, or such as Ctrl-X, Alt-x, F5, Enter, Space, Shift-Up
keys-reserved = { $place }: { $key } belongs to the terminal or to programs around the console: take another
keys-clash = { $place }: { $key } would mean both { $action } and { $other } in { $scope }: give one of them another key
hint-not-called = nothing was done; try again when it is there
hint-maybe-started = the run may have been started: look at the runs before you start it again


## Errors of steps and runs, as they are stored

error-exit = exited with { $code }
error-exit-line = exited with { $code }: { $line }
error-signal = ended by signal { $signal }
error-signal-line = ended by signal { $signal }: { $line }
error-ended = ended in an unknown way
error-no-program = cannot start the command: { $program }: no such program
error-not-executable = cannot start the command: { $program }: not executable
error-command-large = cannot start the command: the command line and the environment are too large together
error-spawn = cannot start the command: { $error }
error-timeout = timed out after { $after }
error-answered = { $request } answered { $status }
error-answered-redirect = { $request } answered { $status }; that redirect is one too many, or leads where none is followed (a request with headers or a body stays with its host)
error-connect = cannot connect to { $address }: { $error }
error-body-large = the body is larger than { $limit } bytes; use `save_to`
error-body-file = cannot write the body to its file: { $error }
error-no-client = cannot make an HTTP client: { $error }
error-read = cannot read { $path }: { $error }
error-write = cannot write { $path }: { $error }
error-with-type = with.{ $name }: expected { $expected }, got { $got }
error-with-required = with.{ $name }: is required
error-with-one-of = with.{ $name }: must be one of { $words }
error-with-number = with.{ $name }: must be a whole number, not negative
error-set-type = set.{ $name }: expected { $expected }, got { $got }
error-set-unfit = set.{ $name }: the value { $why }
word-below = is less than { $bound }
word-above = is more than { $bound }
word-few-characters = has less than { $bound } characters
word-many-characters = has more than { $bound } characters
word-few-items = has less than { $bound } items
word-many-items = has more than { $bound } items
error-no-task = this rpad has no task type "{ $kind }"
error-no-secret = secret "{ $name }" is not there
error-secret = secret "{ $name }" cannot be read: { $error }
error-values-large = the values are too large: { $error }
error-document = a stored document: { $error }
error-directory = its working directory: { $error }
error-input = its stored input: { $error }
error-log = the run's log could not be written: { $error }
error-output = its output could not be stored: { $error }
error-disk-full = not begun: the disk that holds the state directory is full
error-drained = stopped by a shutdown of the daemon before it ended
error-resolved = declared failed by { $who }
error-bug = a bug in rpad: { $detail }
error-run-timeout = the run timed out after { $after }
error-still-true = its condition is still true after { $turns } turns
error-still-false = its condition is still false after { $turns } turns
error-still-true-once = its condition is still true after { $turns } turn
error-still-false-once = its condition is still false after { $turns } turn
error-not-undone = cancelled before it was undone
error-for-each = for_each goes over a list or an object; here is { $got }
error-for-each-many = for_each has { $count } items; at most { $most } are allowed
error-moment = wait.until: "{ $text }" is no moment with a zone: { $error }
error-call-timeout = timed out after { $after }; its run { $run } is cancelled
error-call-cancelled = its run { $run } was cancelled
error-call-depth = runs call runs at most { $most } levels deep
error-call-stored = its variables could not be stored: { $error }
error-call-taken = its outputs could not be taken over: { $error }
error-variables = the variables of { $workflow }: { $problems }
error-given-unknown = there is no variable { $name }
error-given-type = { $name }: expected { $expected }, got { $got }
error-given-unfit = { $name }: the value { $why }
error-given-missing = { $name } is missing
error-rejected = rejected by { $who }
error-rejected-comment = rejected by { $who }: { $comment }
error-rejected-votes = rejected: { $count } of { $quorum } approvals within { $after }
error-approvals = { $count } of { $quorum } approvals within { $after }
error-no-approvers = approval.approvers: the list is empty: nobody could approve
error-no-event = no event { $event } that fits within { $after }
error-no-pool = there is no pool of tokens { $pool }: make it with `rpa locks set { $pool } SIZE`
error-few-tokens = { $count } tokens of { $pool } are claimed, and there are { $size } in all
error-lock-wait = { $lock } was not free within { $after }
error-lock-lease = its lease of { $locks } ended after { $after }
error-lock-circle = it would wait for { $lock } for ever: run { $run }, step { $step } has it, and waits for this step
error-lock-empty = lock: the name "{ $name }" is empty
error-lock-long = lock: the name "{ $name }" is longer than { $most } characters
error-lock-match = lock: the name "{ $name }" must match { $pattern }
error-gate = its limit is reached: { $active } of { $limit } runs go on
error-gate-queue = its limit is reached: { $active } of { $limit } runs go on, and { $waiting } wait, as many as may
error-gate-key = concurrency.key: it has { $bytes } bytes; at most { $most }
error-turn = turn { $index }: { $error }
error-turns = turn { $index }: { $error } ({ $count } turns failed)
error-of-step = step { $step }: { $error }
error-of-run = run { $run }: { $error }
error-of-run-step = run { $run }, { $step }: { $error }
error-other = { $title }: { $error }


## What the daemon remarks in the log of a run

remark-skipped = skipped: { $reason }
remark-failed = failed: { $error } [{ $code }]
remark-retry = attempt { $attempt } failed: { $error } [{ $code }]; next try in { $pause }
remark-doubt = in doubt: { $reason }; a person must decide, see `rpa doubts`
remark-again = { $reason }; it is run again
remark-cancelled = cancelled
remark-undone = is being undone

## Why steps and the daemon stand as they do, as it is stored and sent

reason-condition = its condition was false
reason-needs = needs { $step }, which was { $status }
reason-needs-failed = needs { $step }, which failed
reason-needs-completed = needs { $step }, which completed
reason-not-invoked = only if { $step } fails, which it did not
reason-timed-out = timed out after { $after }
reason-cancelled = stopped by a cancel while it ran
reason-timed-out-around = stopped by a time-out around it while it ran
reason-time-is-out = its time is out; what is inside has yet to end, or to be decided
reason-stopped = stopped by a shutdown while it ran
reason-shut-down = stopped by a shutdown of the daemon
reason-not-begun = stopped before it had begun
reason-again = to be run again
reason-runner = the runner ended while it ran
reason-runner-before = the runner ended before the attempt had begun
reason-runner-processes = the runner ended while it ran; its processes were ended
reason-runner-record = the runner ended while it ran, and its record: { $error }
reason-daemon = the daemon ended while it ran
reason-daemon-before = the daemon ended before the attempt had begun
reason-daemon-processes = the daemon ended while it ran; its processes were ended
reason-daemon-record = the daemon ended while it ran, and its record: { $error }
reason-machine = the machine went down while it ran
reason-task-broke = the task broke: { $panic }
reason-exit-code = the command's exit code could not be read: { $error }
reason-output = the command's output could not be read: { $error }
reason-group = process group { $group } could not be ended, even by SIGKILL
reason-file = the file was still being written when the step was stopped
reason-request = the request was under way when the step was stopped
reason-no-answer = no answer from { $address }: { $error }
reason-no-answer-within = no answer from { $address } within { $time }
reason-body-broke = { $address } answered { $status }, but its body broke off: { $error }
reason-body-late = { $address } answered { $status }, but its body did not end within { $after }
reason-not-seen = { $why }; its end was not seen { $attempt } times
reason-waits-lock = waits for { $lock }
reason-waits-event = waits for an event { $event }
reason-waits-approval = waits for approval: { $message }
reason-called-asks = people are asked in the run that it has called
reason-called-doubts = a step is in doubt in the run that it has called
reason-gate = waits until other runs of its workflow have ended
reason-gate-key = waits until other runs with the key { $key } have ended
reason-turned-away = turned away: { $reason }
reason-output = its output is left out: the answer would be too large
reason-disk-full = the disk is full: no new work is accepted
reason-disk-low = the disk is nearly full: no new work is accepted


## Codes

title-RPA0001 = a bug in rpad
hint-RPA0001 = report it with the daemon's log

title-RPA0002 = the command line cannot be understood
hint-RPA0002 = see --help

title-RPA0003 = a file could not be read or written
hint-RPA0003 = check the path, its rights and the free space

title-RPA0101 = the daemon does not answer
hint-RPA0101 = start one with `rpad` (or `systemctl start rpad` where it is installed as a service), or name its socket with --socket or RPA_SOCKET

title-RPA0102 = client and daemon speak different protocols
hint-RPA0102 = install the same version of rpa and rpad, and restart the daemon

title-RPA0103 = not permitted
hint-RPA0103 = ask to be added to the group rpad

title-RPA0104 = the daemon has too much queued
hint-RPA0104 = try again in a moment

title-RPA0105 = no answer in time
hint-RPA0105 = look at `rpa status` and the daemon's log

title-RPA0106 = the daemon is shutting down
hint-RPA0106 = try again when it is back

title-RPA0107 = a request is too large
hint-RPA0107 = pass large data as a path to a file

title-RPA0108 = the other machine cannot be reached
hint-RPA0108 = try `ssh HOST rpa --version`; options for ssh go into RPA_SSH

title-RPA0201 = the store is damaged
hint-RPA0201 = copy the state directory away before anything else

title-RPA0202 = the store was written by a newer rpad
hint-RPA0202 = start the newer rpad, or put back the copy from before the upgrade

title-RPA0203 = no space is left for the store
hint-RPA0203 = free some space; the daemon goes on by itself

title-RPA0204 = the store could not be read or written
hint-RPA0204 = look at the disk, then `systemctl restart rpad`

title-RPA0205 = another daemon uses this state directory
hint-RPA0205 = stop the other one, or use another state directory

title-RPA0206 = the state directory cannot be used
hint-RPA0206 = it must belong to the daemon's user, with mode 0700

title-RPA0207 = the settings are not valid
hint-RPA0207 = see rpad.toml(5)
title-RPA0225 = the stored rows of a run are damaged
hint-RPA0225 = put back a backup, or see what the run has done: rpa logs RUN

title-RPA0208 = the runner cannot be started or reached
hint-RPA0208 = see runner.log in the state directory; steps wait until there is a runner

title-RPA0209 = the runner works for another daemon
hint-RPA0209 = let it come to its end, or end it with SIGTERM to the process that is named

title-RPA0301 = a workflow file cannot be read
hint-RPA0301 = it must be there, readable and in UTF-8

title-RPA0302 = the file is not valid YAML
hint-RPA0302 = correct the line that is named; see rpa-workflow(5)

title-RPA0303 = a key that no workflow file has
hint-RPA0303 = see the keys in rpa-workflow(5)

title-RPA0304 = a key that this version does not support yet
hint-RPA0304 = leave it out, or use a version that has it

title-RPA0305 = a value of the wrong type or out of range
hint-RPA0305 = see the types in rpa-workflow(5)

title-RPA0306 = a name that cannot be used
hint-RPA0306 = use lower-case letters, digits and underscores

title-RPA0307 = an id used twice
hint-RPA0307 = rename one of them

title-RPA0308 = a step needs exactly one form
hint-RPA0308 = one of run, uses, set, steps, switch, workflow, wait, approval

title-RPA0309 = no such task type
hint-RPA0309 = see `rpa tasks`

title-RPA0310 = a reference to a step that cannot have run
hint-RPA0310 = name that step in `needs`

title-RPA0311 = steps or workflows that wait for each other
hint-RPA0311 = take one part of the circle out

title-RPA0312 = an expression that cannot be read
hint-RPA0312 = see EXPRESSIONS in rpa-workflow(5)

title-RPA0313 = a reference to something undefined
hint-RPA0313 = look for a typing error; see EXPRESSIONS in rpa-workflow(5)

title-RPA0314 = an expression inside run:
hint-RPA0314 = pass the value through `env` and write "$NAME"

title-RPA0315 = the file is too large, too deep or expands too far
hint-RPA0315 = move data and scripts into files of their own

title-RPA0316 = something required is missing
hint-RPA0316 = add it; see rpa-workflow(5)

title-RPA0317 = a secret written out
hint-RPA0317 = store it as a secret and refer to it by name

title-RPA0318 = two steps may write one variable at once
hint-RPA0318 = let one of them need the other

title-RPA0319 = steps that start at once, maybe unmeant
hint-RPA0319 = write `needs: []` where it is meant

title-RPA0320 = a secret where it may not stand
hint-RPA0320 = pass it through `env`

title-RPA0321 = a loop that ends when a try fails, maybe unmeant
hint-RPA0321 = write `on_error: continue` on the step that may fail

title-RPA0401 = a command ended with an error
hint-RPA0401 = see what it printed with `rpa logs`

title-RPA0402 = a step took too long
hint-RPA0402 = see how far it came with `rpa logs`, or raise its `timeout`

title-RPA0403 = a command could not be started
hint-RPA0403 = is the program there, and in the daemon's PATH?

title-RPA0404 = an expression failed
hint-RPA0404 = look at the values with `rpa show RUN --json`

title-RPA0405 = an expression used too much
hint-RPA0405 = leave heavy work to a step

title-RPA0406 = a secret is not there
hint-RPA0406 = put it into the daemon's secrets directory

title-RPA0407 = an HTTP answer that counts as failure
hint-RPA0407 = see the answer with `rpa show RUN --json`

title-RPA0408 = a connection failed
hint-RPA0408 = try the address from the daemon's machine

title-RPA0409 = a task cannot use its input
hint-RPA0409 = see `rpa tasks KIND`

title-RPA0410 = a task could not read or write a file
hint-RPA0410 = the task works as the daemon's user: check the path and its rights

title-RPA0411 = a run stopped because the disk is full
hint-RPA0411 = free some space, then run it again

title-RPA0412 = a step's output is too large
hint-RPA0412 = write it to a file and give the path

title-RPA0413 = nobody saw how a step ended
hint-RPA0413 = find out whether it was done, then `rpa resolve`

title-RPA0414 = a step was ended by a shutdown
hint-RPA0414 = run it again

title-RPA0415 = a run was cancelled
hint-RPA0415 = run it anew with `rpa run` if it is still wanted

title-RPA0416 = a person declared a step failed
hint-RPA0416 = see who declared it with `rpa show RUN`

title-RPA0417 = a task broke
hint-RPA0417 = report it with the daemon's log
title-RPA0419 = a loop turned too often
hint-RPA0419 = raise `max_iterations` or `count`; pause between turns with a `wait` in the body, or `every` of `repeat`
title-RPA0420 = a run took too long
hint-RPA0420 = see where the time went with `rpa show`, or raise the `timeout` of the workflow
title-RPA0421 = no moment in time
hint-RPA0421 = write for example 2026-12-01T09:00[Europe/Sofia]
title-RPA0422 = nothing to go over
hint-RPA0422 = `for_each` takes a list or an object

title-RPA0423 = a workflow that cannot be called
hint-RPA0423 = see how it stands with `rpa workflows --archived`

title-RPA0424 = runs call each other too deep
hint-RPA0424 = let the workflow repeat its steps with `while` or `for_each` instead

title-RPA0425 = a run that a step had called was cancelled
hint-RPA0425 = see who cancelled it with `rpa show RUN`, then `rpa retry`

title-RPA0426 = an approval was rejected
hint-RPA0426 = see who rejected it, and why, with `rpa show RUN`

title-RPA0427 = too few people approved in time
hint-RPA0427 = run it again with `rpa retry RUN`, and approve it in time

title-RPA0428 = more tokens than there are
hint-RPA0428 = see the pools with `rpa locks`; `rpa locks set NAME SIZE` makes one larger

title-RPA0429 = a lock was not free in time
hint-RPA0429 = see who holds it with `rpa locks`, or raise the `wait` of the lock

title-RPA0430 = a step held a lock for too long
hint-RPA0430 = see how far it came with `rpa logs`, or raise the `lease` of the lock

title-RPA0431 = a step would wait for itself for ever
hint-RPA0431 = see who holds what with `rpa locks`, and take locks in one order everywhere

title-RPA0432 = too many runs of one workflow at once
hint-RPA0432 = wait for the others, see `rpa runs`; or raise the `limit` of `concurrency`

title-RPA0433 = a called workflow cannot use its variables
hint-RPA0433 = correct `with` of the step; see the variables in `rpa workflows --json`

title-RPA0501 = no such workflow
hint-RPA0501 = see `rpa workflows`

title-RPA0502 = no such run
hint-RPA0502 = see `rpa runs`

title-RPA0503 = several runs end like that
hint-RPA0503 = give more of the id

title-RPA0504 = a required variable is missing
hint-RPA0504 = give it with --var NAME=VALUE

title-RPA0505 = a variable is unknown or of the wrong type
hint-RPA0505 = see the variables in `rpa workflows --json`

title-RPA0506 = the step is not in doubt
hint-RPA0506 = see `rpa doubts`

title-RPA0507 = the run has already ended
hint-RPA0507 = see how with `rpa show RUN`

title-RPA0508 = a request id was used for something else
hint-RPA0508 = leave --request-id out, or choose another

title-RPA0509 = the run has no such step
hint-RPA0509 = see `rpa show RUN`

title-RPA0510 = a cursor that is not from this list
hint-RPA0510 = start again without --cursor

title-RPA0511 = no such fault code
hint-RPA0511 = see `rpa explain`

title-RPA0512 = no such task type
hint-RPA0512 = see `rpa tasks`

title-RPA0513 = a run's log cannot be read
hint-RPA0513 = steps and outputs are in `rpa show RUN`
title-RPA0530 = the run is paused
hint-RPA0530 = `rpa resume` lets it go on
title-RPA0531 = the run is not paused
hint-RPA0531 = see `rpa show`
title-RPA0532 = the run has not ended
hint-RPA0532 = wait for it, or end it with `rpa cancel`
title-RPA0533 = steps would be repeated that must not be
hint-RPA0533 = begin behind them with `--from`, or repeat them with `--repeat-once`

title-RPA0534 = the step waits for no approval
hint-RPA0534 = see what does with `rpa approvals`

title-RPA0535 = what is to be approved has changed
hint-RPA0535 = look at it again with `rpa approvals`, then decide

title-RPA0536 = not one of the approvers
hint-RPA0536 = see who may decide with `rpa approvals`

title-RPA0537 = nobody approves their own run
hint-RPA0537 = let somebody else approve it

title-RPA0538 = one person approves once
hint-RPA0538 = let somebody else approve it as well

title-RPA0539 = a pool that is in use
hint-RPA0539 = see who holds its tokens, and who waits, with `rpa locks`

title-RPA0540 = the step does not hold that lock
hint-RPA0540 = see who does with `rpa locks`

title-RPA0541 = workflows that call each other in a circle
hint-RPA0541 = take one of the calls out of the circle

title-RPA0543 = no such trigger
hint-RPA0543 = see `rpa triggers`
title-RPA0544 = a trigger that is not armed
hint-RPA0544 = arm it with `rpa triggers enable WORKFLOW TRIGGER`
title-RPA0545 = a trigger that cannot be used as it is
hint-RPA0545 = mend the trigger in the workflow file, or the calendar it names in rpad.toml
title-RPA0546 = a circle of triggers
hint-RPA0546 = take one `after` out of the circle, or end it with `match`
title-RPA0549 = the workflow says who starts it by hand
hint-RPA0549 = ask somebody who may, or change `manual` in the workflow file
title-RPA0547 = a directory that cannot be watched as it should
hint-RPA0547 = mend the directory, or `directory` of the trigger: the daemon looks again by itself
title-RPA0542 = an event that cannot be published
hint-RPA0542 = for example `rpa event publish order.paid --data '{"{"}"id": 7{"}"}'`

title-RPA0514 = no such revision
hint-RPA0514 = see `rpa history NAME`

title-RPA0515 = no revision is published yet
hint-RPA0515 = publish the draft with `rpa publish NAME`

title-RPA0516 = a workflow that is disabled
hint-RPA0516 = let it take runs again with `rpa enable NAME`

title-RPA0517 = a workflow that is archived
hint-RPA0517 = bring it back with `rpa restore NAME`

title-RPA0518 = a name that is taken
hint-RPA0518 = choose another name; see `rpa workflows --archived`

title-RPA0519 = no draft waits to be published
hint-RPA0519 = name a revision of `rpa history NAME`

title-RPA0520 = a file that cannot be renamed by itself
hint-RPA0520 = change the key by hand, then `rpa apply`

title-RPA0521 = not a bundle that can be imported
hint-RPA0521 = write it anew with `rpa export`
title-RPA0522 = another revision came in between
hint-RPA0522 = see what came with `rpa diff NAME OLD NEW`, then apply with `--base NEW`
