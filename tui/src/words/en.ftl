### The console's words in English. The same messages stand in bg.ftl.

## Units: after the number, without a blank where time is meant
unit-ms = ms
unit-s = s
unit-m = m
unit-h = h
unit-d = d
unit-b = B
unit-kb = kB
unit-mb = MB
unit-gb = GB
# strftime
date-short = %m-%d %H:%M
countdown-now = now

## Statuses: at most 11 cells
status-queued = queued
status-running = running
status-waiting = waiting
status-paused = paused
status-in_doubt = in doubt
status-completed = completed
status-failed = failed
status-cancelled = cancelled
status-pending = pending
status-ready = ready
status-retrying = retrying
status-skipped = skipped
status-armed = armed
status-disabled = disabled
status-held = held
status-gone = gone
status-broken = broken
status-fired = fired
status-late = late
status-caught_up = caught up
status-backfilled = backfilled
status-by_hand = by hand
status-started = started
status-merged = merged
status-failing = failing
status-suppressed = suppressed
status-refused = refused
status-missed = missed
runner-gone = no runner
runner-retiring = old runner
daemon-draining = shutting down
daemon-degraded = degraded
daemon-held = HELD after a restore

## The connection
link-live = LIVE
link-frozen = STILL
frozen = the screen stands still until F7, or until you look at something else
thawed = live again
link-connecting = connecting
link-away = AWAY
banner-away = no daemon for { $time }
banner-shown = what is shown is of { $moment }; nothing can be started or ended meanwhile
banner-retry = next try in { $pause }, Ctrl-R tries now
banner-trying = trying
calls-open = { $count ->
    [one] 1 request
   *[other] { $count } requests
 } under way
list-asking = asking the daemon
list-unknown = not known: the daemon has not been reached yet

## Hints
hints-more = +{ $count } more: ?
hint-do = do it
hint-choose = choose
hint-scroll = scroll
hint-whole = the run
hint-step = the step
hint-close = close
hint-complete = complete
hint-accept = accept
hint-discard = as it was
hint-confirm = confirm
hint-keep = keep
hint-start = start
hint-next-field = next field
hint-read-on = read on
hint-default = default
key-yes = y

## Actions: label (at most 18 cells) and what they do
act-help = help
act-help-help = the keys of this screen
act-palette = commands
act-palette-help = find a command, a workflow or a run by typing
act-back = back
act-back-help = one step back: dialog, text, full screen, pane, run, workflow, filter; never leaves the console
act-quit = quit
act-quit-help = leave the console; runs go on without it
act-workflows = workflows
act-workflows-help = the list of workflows
act-runs = runs
act-runs-help = the list of runs, newest first
act-doubts = in doubt
act-doubts-help = runs with a step of which nobody knows whether it was done
act-approvals = approvals
act-approvals-help = what steps ask people to approve
act-triggers = triggers
act-triggers-help = what starts workflows by itself, and how it stands
act-upcoming = upcoming
act-upcoming-help = what fires within a day, over all triggers
act-refetch = ask anew
act-refetch-help = ask the daemon for everything on the screen; connect at once when it is away
act-freeze = stand still
act-freeze-help = keep the screen as it is while you read, and go on again
act-redraw = redraw
act-redraw-help = paint the whole screen again
act-suspend = suspend
act-suspend-help = back to the shell; fg brings the console back
act-language = language
act-language-help = English or Bulgarian
act-glyphs = glyphs
act-glyphs-help = signs beyond ASCII, or ASCII alone
act-keyboard = keyboard
act-keyboard-help = which Cyrillic layout the command keys are pressed on
act-up = up
act-up-help = one row up
act-down = down
act-down-help = one row down
act-page-up = page up
act-page-up-help = one page up
act-page-down = page down
act-page-down-help = one page down
act-top = first
act-top-help = to the first row or line
act-bottom = last
act-bottom-help = to the last row; in a log, follow it
act-left = left
act-left-help = the beginning of long lines
act-right = right
act-right-help = the rest of long lines
act-open = open
act-open-help = open what is selected; of a step that has called a run, of a slot or a delivery, that run; of a box what is inside
act-group = group failures
act-group-help = the failed runs, a row for all that have failed alike; or the runs again
act-filter = filter
act-filter-help = show only rows with these words; for runs also conditions such as status:failed, Tab completes
act-mark = mark
act-mark-help = mark a run for what is done to several; a revision, to compare others with it
act-invert = invert marks
act-invert-help = mark what is not marked, and the other way round
act-run = run
act-run-help = start a run: a form asks for the variables
act-runs-of = its runs
act-runs-of-help = the runs of the selected workflow, or of the one that has the trigger
act-edit = edit
act-edit-help = edit the newest revision step by step; it is checked, and asked about, before it is applied
act-new = new
act-new-help = begin a new workflow from a template, in the editor
act-edit-text = as text
act-edit-text-help = the same as text in $EDITOR: the newest revision, the draft, or a field of it
act-add = add after
act-add-help = add a step after the selected one
act-add-beside = add a branch
act-add-beside-help = add a step beside the selected one, as a branch of its own
act-link = link
act-link-help = let the selected step come after another one
act-unlink = unlink
act-unlink-help = let the selected step not come after another one any more
act-move = move
act-move-help = move the selected step, with all inside of it, to another place
act-delete = delete
act-delete-help = delete the selected step; it is said what follows
act-undo = undo
act-undo-help = take the last change back
act-redo = redo
act-redo-help = make the change again that was taken back
act-check = next problem
act-check-help = go to the next problem that a check finds
act-save = save
act-save-help = check the draft and show what it would change, before it becomes a revision
act-change = change
act-change-help = give the selected field another value
act-other-value = other value
act-other-value-help = the next value of a field that has few
act-clear = take out
act-clear-help = take the value of the field out: what holds without it holds again
act-graph = lanes/graph
act-graph-help = the steps as lanes, or as boxes with lines between them
act-scale = size
act-scale-help = names alone in the boxes, or what a step is as well
act-go-up = up
act-go-up-help = to the box that this one comes after
act-go-down = down
act-go-down-help = to a box that comes after this one
act-go-left = to the left
act-go-left-help = to the box at the left
act-go-right = to the right
act-go-right-help = to the box at the right
act-pan-up = picture up
act-pan-up-help = what lies above
act-pan-down = picture down
act-pan-down-help = what lies below
act-pan-left = picture left
act-pan-left-help = what lies to the left
act-pan-right = picture right
act-pan-right-help = what lies to the right
act-diff = diff
act-diff-help = what differs between this revision and the marked one, else the live one
act-publish = make live
act-publish-help = let new runs be of this revision; asks first
act-rollback = bring back
act-rollback-help = make a new live revision with the text of this one; asks first
act-pager = pager
act-pager-help = this text in $PAGER
act-cancel = cancel
act-cancel-help = end the run, or the marked runs; asks first
act-pause = pause
act-pause-help = begin nothing new in the run, or the marked runs; steps that run go on
act-resume = resume
act-resume-help = let the paused run, or the marked ones, go on
act-pause-trigger = pause
act-pause-trigger-help = let the trigger skip its slots until it is resumed; asks why
act-resume-trigger = resume
act-resume-trigger-help = let the paused trigger fire again, from now on
act-on-off = on/off
act-on-off-help = enable the trigger, or disable it: then it has no slots; asks first
act-fire = fire
act-fire-help = start the run of the trigger now, whatever it waits for; asks with which data
act-test = test
act-test-help = what the trigger would do with some data; starts nothing
act-backfill = backfill
act-backfill-help = start runs for slots of the past that had none; shows them first
act-retry = retry
act-retry-help = run again what did not settle well, as a new run that keeps the rest
act-rerun = run from here
act-rerun-help = run again from the selected step on; a form asks for other values
act-earlier = where from
act-earlier-help = open the run that this one took over from, or that has called it; Esc leads back
act-log = log
act-log-help = the log of the run
act-pane = next pane
act-pane-help = steps, log, data, timeline, events; of a trigger, past slots or those to come; of a workflow, its steps, triggers, revisions
act-why = why
act-why-help = why the run or the step stands where it stands, and what led to it
act-data = data
act-data-help = inputs, outputs and errors
act-timeline = timeline
act-timeline-help = a bar for each step: when it began, worked, waited, was tried again
act-closer = closer
act-closer-help = less time over the same width, around the selected step
act-wider = wider
act-wider-help = more time over the same width
act-events = events
act-events-help = what has happened to the run, in order, and whose doing it was
act-resolve = decide
act-resolve-help = say what became of a step in doubt, or approve or reject what a step asks
act-zoom = full screen
act-zoom-help = the lower pane alone, or the steps as well; of a workflow, what has the focus
act-unfold = unfold
act-unfold-help = show what is inside the step
act-fold = fold
act-fold-help = hide what is inside the step; else go to the step around it
act-search = search
act-search-help = find a text in the whole log, in a source or a difference
act-find-next = next hit
act-find-next-help = the next line with the text
act-find-previous = previous hit
act-find-previous-help = the line before with the text
act-next-trouble = next trouble
act-next-trouble-help = the next line on stderr, or that is a warning or an error
act-previous-trouble = previous trouble
act-previous-trouble-help = the line on stderr, the warning or the error before
act-save-log = save
act-save-log-help = the whole log that is shown, in a file
act-follow = follow
act-follow-help = keep the newest line in sight, or stay where you are
act-only-troubles = only trouble
act-only-troubles-help = only lines of stderr, warnings and errors, or all of them again
act-wrap = wrap
act-wrap-help = break long lines, or cut them off
act-times = times
act-times-help = the time of each line
act-all-steps = all steps
act-all-steps-help = the log of all steps, or of the selected one

## Columns
col-name = NAME
col-revision = REV
col-steps = STEPS
col-last-run = LAST RUN
col-when = WHEN
col-description = DESCRIPTION
col-category = CATEGORY
col-run = RUN
col-workflow = WORKFLOW
col-status = STATUS
col-step = STEP
col-done = DONE
col-took = TOOK
col-started = STARTED
col-by = BY
col-via = VIA
col-kind = KIND
col-after = AFTER
col-from = FROM
col-attempts = TRIES
col-note = NOTE
col-have = HAVE
col-since = SINCE
col-message = MESSAGE
col-trigger = TRIGGER
col-number = NUMBER
col-what = WHAT
col-count = RUNS
col-why = WHY
col-newest = NEWEST
col-span = SPAN
col-next = NEXT
col-last = LAST
col-slot = SLOT
col-fate = FATE
col-became = OUTCOME
col-late = LATE
col-outcome = RUN OR REASON
col-hour = HOUR
col-at = AT
col-in = IN
col-times = TIMES

## Workflows
workflow-applied = revision { $revision } by { $who }, { $moment }
workflow-draft = draft
workflow-disabled = disabled
workflow-archived = archived
workflow-unsaved = not saved yet
workflow-draft-of-yours = * your draft of { $moment } is not saved: e goes on with it
workflow-unsaved-new = a new workflow of yours from { $moment }, not saved yet
workflow-unsaved-about = Enter goes on with it. The daemon knows nothing of it before it is applied.
workflow-standing = { $word } by { $who }, { $moment }
workflow-tags = tags: { $tags }
workflow-category = category: { $category }
workflow-variables = variables: { $list }
workflow-more-steps = { $count ->
    [one] and 1 more step
   *[other] and { $count } more steps
 }
workflows-none =
    There are no workflows yet.

    A workflow is a YAML file. In a shell:
      rpa check FILE.yaml    finds every problem of it
      rpa apply FILE.yaml    makes it known to the daemon

    It appears here by itself.
workflows-no-match = No workflow has all of: { $filter }. Esc shows them all.

## One workflow
unfold-nothing = nothing is hidden here
workflow-live = live
workflow-draft-waits = draft { $revision } waits
workflow-priority = priority { $word }
workflow-at-once = { $count ->
    [one] 1 run at once
   *[other] { $count } runs at once
 }
workflow-last-runs = last runs
workflow-no-runs = none yet
workflow-next = next { $trigger } { $moment }
workflow-no-triggers = It has no triggers: it is started by hand, or by other workflows.
workflow-unread = This version cannot read the file, so its steps are not shown. Line { $line }: { $why }. Its text is under Revisions.
pane-step = Step
pane-triggers = Triggers
pane-revisions = Revisions
kind-of-handler = handler
kind-of-case = case
handler-success = Runs when all steps have ended and none failed.
handler-failure = Runs when a step has failed, after all others have ended.
handler-cancel = Runs when the run was cancelled.
handler-finally = Runs at the end in any case, after the other handlers.
case-about = Runs when the value of the switch is { $value }.
effect-once = must not happen twice: after a crash a person decides
effect-unknown = nobody has said whether it may happen twice: after a crash a person decides
fact-if = if { $condition }
fact-retry = { $count ->
    [one] 1 try
   *[other] { $count } tries
 }
fact-timeout = at most { $time }
fact-continue = goes on when it fails
fact-fallback = { $step } when it fails
fact-undone = { $count ->
    [one] undone by 1 step
   *[other] undone by { $count } steps
 }
fact-lock = holds a lock
fact-tokens = { $count } of pool { $pool }
fact-parallel = { $count } at once
fact-turns = { $count ->
    [one] at most 1 turn
   *[other] at most { $count } turns
 }
fact-until = until { $condition }
fact-while = while { $condition }
fact-wait = { $time }
fact-wait-until = until a moment
fact-event = event { $name }
fact-calls = calls { $name }
fact-approvals = { $count ->
    [one] 1 person approves
   *[other] { $count } people approve
 }
graph-too-many = { $count } steps are too many boxes (most: { $most }); lanes show them all
graph-nothing = There are no steps here.
revision-was-live = was live
revision-of = { $revision }, brought back
revision-clone = { $name } { $revision }
revision-import = import
revision-is-live = revision { $revision } is live already
revision-published = { $name }: revision { $revision } is live
revision-rolled-back = { $name }: revision { $revision } is live, with the text of { $from }
revision-refused = revision { $revision } is not valid any more: { $why }
publish-title = Make revision { $revision } of { $name } live?
publish-consequence = New runs are of revision { $revision }. Those that go on keep theirs. The number stays.
publish-do = Make it live
rollback-title = Bring revision { $revision } of { $name } back?
rollback-consequence = A new revision with the text of { $revision } is made, and is live at once: the history shows both. Runs that go on keep theirs.
rollback-do = Bring it back
revise-live = Live now: revision { $live }.
revise-none-live = No revision is live now.
revise-keep = Leave it
diff-same = revisions { $from } and { $to } have the same text
diff-nothing = there is no other revision to compare with
text-source = { $name } revision { $revision }
text-diff = { $name }: from revision { $from } to { $to }
search-nowhere = nowhere

## The visual editor
editor-title = draft
editor-of = of revision { $revision }
editor-of-new = of a new workflow
editor-overtaken = revision { $newest } is newer
editor-unchanged = not changed
editor-changed = changed
editor-no-problems = No problems.
editor-line = line { $line }
editor-written = As it is written
editor-unread = The text cannot be read as YAML, so its steps are not shown. E edits it as text.
editor-no-steps = There are no steps. a adds one.
form-of-heading = Not a step of its own: its steps are below. a adds one to them.
form-keys = Enter fills in, Esc leads back to the steps
choose-kind = What comes after { $step }?
choose-kind-beside = What stands beside { $step }?
choose-kind-first = What is the first step?
choose-kind-in = What comes at the end of { $case }, or beside it?
choose-case-about = Another value of this switch, with steps of its own.
choose-default-about = Steps for when no value fits.
choose-link = What shall { $step } come after?
choose-unlink = What need { $step } not come after?
choose-place = Where shall { $step } stand?
choose-value = Which value?
type-id = The id of the new step ({ $kind }): a-z, 0-9 and _
type-case = The value of the new case
place-first = at the very beginning
place-after = after { $step }
place-before = before { $step }
place-into = into { $step }
place-undo = to undo { $step }
place-undo-about = Runs when the run fails after that step has completed.
link-nothing = there is no other step here that it could come after
unlink-nothing = it comes after no step
move-nowhere = there is nowhere else for it
heading-stays = that is a heading: it stays where it is
undo-nothing = there is nothing to take back
redo-nothing = there is nothing to make again
remove-title = Delete step { $step }?
remove-needed = These come after it, and will come after what it came after: { $steps }.
remove-free = No step comes after it.
remove-keep = Leave it
remove-do = Delete
remove-list = Delete { $list } with all its steps?
remove-list-about = Nothing else names them.
remove-refused = { $step } cannot be deleted
remove-close = Close
removed = { $step } is deleted; u brings it back
step-added = { $step } is added: Enter fills in its fields, Esc leads back to the steps
case-added = the case is added with a step that does nothing: a adds others
field-missing = missing
field-shared = this value is repeated elsewhere by an alias (*): E in the steps edits the whole text
field-odd = this value has signs that cannot be shown here: E edits it in $EDITOR
field-id-stays = a step has an id: Enter gives it another one
field-refused = not taken: { $why }; the file is { $path }
typing-leave = What you typed is not taken over yet.
typing-go-on = Go on typing
typing-take-over = Take it over (F8)
typing-drop = Drop it
field-expressions = also { "{{ }}" }
field-kind-id = The id: a-z, 0-9 and _
field-kind-text = Text
field-kind-lines = Text, also of several lines
field-kind-number = A number
field-kind-boolean = true or false
field-kind-duration = A time: 90s, 5m, 1h30m
field-kind-size = A size: 64KiB, 1MiB
field-kind-choice = One of { $words }
field-kind-condition = A condition, without braces
field-kind-expression = Text with { "{{ }}" }
field-kind-list = A list, as YAML
field-kind-map = Names and values, as YAML
field-kind-document = A document, as YAML
field-kind-needs = What it comes after, as YAML: [a, b]. L and K in the steps do the same.
leave-title = { $name }: leave with changes that are not saved?
leave-about = Nothing was applied. What is kept for later is offered again by e, also after the console has ended.
leave-stay = Stay
leave-keep = Keep for later
edit-back = Back to the steps
found-title = { $name }: a draft of yours
found-about = A draft of yours from { $moment } is kept. It began with revision { $revision }.
found-about-new = A draft of yours from { $moment } is kept. It is of a new workflow.
found-go-on = Go on with it
found-held = Another console has it open. Whatever you choose, it stays there as it is.
found-copy = Go on with a copy
found-anew = Begin anew
draft-kept = a draft of yours of { $name } from { $moment } is kept: e goes on with it
drafts-kept = { $count } drafts of yours are kept, the last of { $name } from { $moment }: e goes on
draft-taken-up = the draft from { $moment }
draft-copied = another console has the draft from { $moment } open: this is a copy of it, and your own
draft-older = the draft began with revision { $base }, and { $newest } is the newest by now: saving shows what differs
draft-not-kept = the draft could not be written: { $why }
workflow-own-draft = your draft of { $moment }
palette-draft = Goes on with your draft of { $name } from { $moment }
refused-unread = the text cannot be read: { $why }; E edits it
refused-unkept = the text is written in a way that cannot be kept here: E edits it
refused-no-step = there is no step { $step }
refused-no-list = nothing can be put into { $step }
refused-bad-id = { $id } is no id: small letters a-z, digits and _, at most 64
refused-id-taken = the id { $id } is taken by { $step }
refused-kind = { $kind } is no kind of step
refused-field = a step has no field { $field }
refused-value = { $field } cannot have that value: { $why }
refused-last = { $step } is the last of its list, which must keep one
refused-case-taken = there is a case { $case } already
refused-bad-case = a case needs a value
refused-into-itself = { $step } cannot go into itself
refused-its-own = { $step } cannot come after itself
refused-cycle = they would wait for each other: { $steps }
refused-other-list = { $to } and { $from } are not in the same list of steps
refused-linked = { $to } comes after { $from } already
refused-not-linked = { $to } does not come after { $from }
refused-fallback = { $step } stands in for { $of }: it comes after that one alone, and nothing comes after it
refused-named = { $step } is named elsewhere: { $places }
refused-shared = { $step } is repeated elsewhere by *{ $anchor }: E edits the text
refused-changed = that would change more than was asked for ({ $what }): E edits the text
mention = { $of } ({ $key }, line { $line })
the-workflow = the workflow
field-of-data-transform-with-each = The items to go through.
field-of-data-transform-with-value = The document. With `each` it is computed for each item, with `item` and `loop` at hand, and the list of the results is the value.
field-of-data-transform-with-where = Computed for each item: whether the item is taken.
field-of-event-publish-with-data = What it carries; at most 64 KiB.
field-of-event-publish-with-name = What triggers and steps listen for, like order.paid.
field-of-file-read-with-format = How to read it: text, json, csv (a list of maps by the first row) or lines (a list).
field-of-file-read-with-max = A larger file fails the step.
field-of-file-read-with-path = The file to read.
field-of-file-write-with-content = What it is to hold: text as it stands, any other document as JSON.
field-of-file-write-with-create_dirs = Whether to create the directories above it.
field-of-file-write-with-mode = Its permissions, in octal, in quotes.
field-of-file-write-with-path = The file to write.
field-of-http-request-with-body = A body, sent as it stands.
field-of-http-request-with-expect = The statuses that count as success, as one number or separated by commas: 2xx, 404, 400-409. Any other fails the step.
field-of-http-request-with-follow_redirects = Whether to follow redirects.
field-of-http-request-with-form = A body, sent as a web form.
field-of-http-request-with-headers = Request headers.
field-of-http-request-with-json = A body, sent as JSON.
field-of-http-request-with-method = The request method.
field-of-http-request-with-query = Parameters added to the URL's query.
field-of-http-request-with-save_to = A file to which the answer's body is written instead of being kept.
field-of-http-request-with-timeout = How long the whole exchange may take.
field-of-http-request-with-url = An http or https URL.
field-of-log-with-level = How much it matters.
field-of-log-with-message = The line.
field-of-shell-with-command = The command, taken as it stands: values reach it through `env`.
field-of-shell-with-shell = sh (/bin/sh -eu), bash (-eu -o pipefail), or a list of words to which the name of a file with the command is added as the last one, as in [python3].
field-of-step-approval-approvers = Users, and groups with @ before them, who may approve. By default everybody who may use rpad.
field-of-step-approval-form = What people are asked to enter.
field-of-step-approval-message = What people are asked.
field-of-step-approval-on_timeout = What becomes of the step after that time.
field-of-step-approval-quorum = How many people must approve.
field-of-step-approval-self_approval = Whether who started the run may approve.
field-of-step-approval-show = Values that are shown with it.
field-of-step-approval-timeout = How long people are waited for.
field-of-step-as = What an item is called.
field-of-step-detached = Whether the step has ended when that run is accepted.
field-of-step-effect = What its repetition would do. By default it depends on the task type.
field-of-step-env = Environment variables of the command.
field-of-step-for_each = The steps are run for each item of a list or a map.
field-of-step-id = What the step is called in expressions, logs and paths.
field-of-step-if = When it is false, the step is skipped.
field-of-step-lock-lease = The longest time that it is held.
field-of-step-lock-name = The name of the lock.
field-of-step-lock-wait = The longest time that it is waited for.
field-of-step-max_iterations = More turns are a failure.
field-of-step-max_parallel = How many items may be under way at once.
field-of-step-name = Text for people.
field-of-step-needs = The steps that must have ended before.
field-of-step-on_error = What the failure of the step means.
field-of-step-on_error-fallback = The step of the same list that runs instead.
field-of-step-on_item_error = What a failed item means for the loop.
field-of-step-on_item_error-stop_after = So many failed items end the loop.
field-of-step-outputs = Names and values: added to the output of a task, and all that a step with steps in it gives.
field-of-step-repeat-count = How many turns, at most.
field-of-step-repeat-every = The pause between two turns.
field-of-step-repeat-until = Asked after each turn; true ends the loop.
field-of-step-retry-attempts = Tries in all, the first included. Required without a preset.
field-of-step-retry-delay = The pause before the second try.
field-of-step-retry-jitter = By how much each pause is longer or shorter; true means 20%.
field-of-step-retry-max_delay = The longest pause.
field-of-step-retry-on = The errors that are tried again; by default all but business and invalid_input.
field-of-step-retry-policy = How the pause grows.
field-of-step-retry-preset = A named policy, overridden by the other keys.
field-of-step-retry-total = No try begins later than this after the first.
field-of-step-run = A command, in a shell.
field-of-step-set = Variables of the run and their values.
field-of-step-shell = The shell of the command.
field-of-step-switch = The value that chooses a case.
field-of-step-timeout = How long one attempt may take, or all of a step with steps in it.
field-of-step-tokens = How many tokens of each pool the step holds.
field-of-step-vars = Names for values, as vars.NAME in the step and inside of it.
field-of-step-wait = For how long, until when, or for which event.
field-of-step-wait-event = The name of an event.
field-of-step-wait-match = Which of the events of that name is meant.
field-of-step-wait-on_timeout = What becomes of the step after that time.
field-of-step-wait-timeout = How long the event is waited for.
field-of-step-wait-until = A moment with its time zone or offset.
field-of-step-while = The steps are run while it is true, asked before each turn.
field-of-step-with = The inputs of the task, or the variables of the workflow.
field-of-step-workflow = A workflow that is run: NAME, or NAMESPACE/NAME.
step-kind-group = Steps as one step.
step-kind-for_each = Steps for each item of a list or a map.
step-kind-while = Steps, repeated while a condition is true.
step-kind-repeat = Steps, repeated a number of times.
step-kind-switch = Steps for each of several values.
step-kind-set = Sets variables of the run.
step-kind-wait = Waits: for how long, until when, or for an event.
step-kind-workflow = Runs another workflow.
step-kind-approval = Asks people, and waits for them.
step-kind-shell = Runs a command in a shell.
step-kind-log = Writes a line into the log of the run.
step-kind-noop = Does nothing.
step-kind-http-request = Sends an HTTP request.
step-kind-file-read = Reads a file.
step-kind-file-write = Writes a file.
step-kind-data-transform = Makes one value of others.
step-kind-event-publish = Publishes an event.
editor-changes = { $count ->
    [one] 1 change
   *[other] { $count } changes
 }
editor-problems = { $count ->
    [one] 1 problem
   *[other] { $count } problems
 }
editor-warnings = { $count ->
    [one] 1 warning
   *[other] { $count } warnings
 }
remove-inside = { $count ->
    [one] With it goes 1 step that is inside of it.
   *[other] With it go { $count } steps that are inside of it.
 }
field-lines = { $count ->
    [one] and 1 more line
   *[other] and { $count } more lines
 }
save-problems = { $count ->
    [one] not saved: 1 problem keeps it from being valid
   *[other] not saved: { $count } problems keep it from being valid
 }

## Editing a workflow
prompt-name = new workflow
name-bad = a-z, 0-9, - and _; at most 64
name-taken = { $name } is there: e edits it
edit-fault = the editor could not be used: { $why }
edit-fault-kept = the editor could not be used: { $why }; the file is { $path }
edit-late = { $name } has come, but you went on meanwhile: press the key again to edit it
edit-unchanged = { $name }: nothing was changed
edit-failed-unchanged = the editor ended with { $code }; nothing was changed
edit-failed-kept = the editor ended with { $code }: nothing was done; the file is { $path }
edit-discarded = { $name }: what was typed is thrown away
edit-kept = nothing was applied; the file is { $path }
edit-applying = applying the file
edit-live = { $name }: revision { $revision } is live
edit-draft = { $name }: revision { $revision } is a draft
edit-same = { $name }: that is revision { $revision } already
edit-stale = Revision { $newest } has come since you took revision { $base } to edit. Applied now, yours replaces what it has changed. This is what differs from it:
edit-stale-new = There is such a workflow by now: revision { $newest }. Applied now, yours replaces it. This is what differs from it:
edit-again = Edit again
edit-apply = Apply: goes live
edit-as-draft = Apply, but not live
edit-keep = Keep the file
edit-discard = Throw away
edited-problems = { $count ->
    [one] { $name }: 1 problem
   *[other] { $name }: { $count } problems
 }
edited-stale = { $name }: revision { $revision } is newer
edited-plan = { $name }: what would change
pager-failed = the pager ended with { $code }
problem-place = line { $line }, { $code }
plan-new = { $name } is new.
plan-unchanged = { $name }: the daemon has just this text already.
plan-changed = { $name } differs from revision { $live }, which is live:
plan-changed-draft = { $name } differs from its draft:
plan-stands = it is { $word }: no run begins
plan-variable = variable
plan-trigger = trigger
plan-step = step
plan-secret = secret { $name }, which the daemon has
plan-secret-missing = secret { $name }, which the daemon does not have
plan-text-only = the text only: it means what it meant
plan-called-by = called by { $names }
plan-runs = runs that keep their revision: { $runs }
plan-fires-before = fires now { $slots }
plan-fires-after = would fire { $slots }
plan-never = never

## Runs
runs-none =
    Nothing has run yet in this namespace.

    Press 1 for the workflows, choose one and press R.
runs-no-match = No run fits { $filter }. Esc shows them all.
runs-marked = { $count ->
    [one] 1 marked
   *[other] { $count } marked
 }
runs-older = older ones: with a filter
run-accepted = accepted { $moment } from { $who } ({ $via }), revision { $revision }
run-by = by { $who } ({ $via }) { $moment }
run-needs-decision = nobody knows how { $step } ended: open the run and press d
run-needs-approval = people are asked to approve: press 4, or open the run and press d
run-called = called by another run: open it, then E leads there
run-called-by = called by { $run }, step { $step }
run-late-start = it did not start in time
run-late-finish = it did not finish in time
run-asks = asks for approval: press d
run-asks-called = approval wanted in a called run: Enter
run-restored = held since a restore: rpa resume --restored
runs-asks = asks
runs-late = late
runs-held = held
run-asked = asked for a run of { $name }
run-started = run { $run } of { $name } was accepted
run-cancelled = run { $run }: { $status }
run-paused = run { $run } is paused: what runs goes on
run-resumed = run { $run } goes on
run-again-of = re-run of { $run }
run-held = time-out stands still, { $left } left
step-due = due in { $pause }
step-asks = asks { $have }/{ $quorum }
step-called = run { $run }
step-holds = holds { $locks }
steps-resolved = decided: { $count } in { $step }
step-resolved = decided: { $step }
turns-done = { $done } of { $total } done
turns-at = turn { $turn } of at most { $most }
turns-all = { $count ->
    [one] 1 turn
   *[other] { $number } turns
 }
turns-open = { $number } under way
turns-failed = { $number } failed
turns-more = { $number } more
back-at-root = q leaves the console
filter-bad-age = { $word }: wants an age such as 90s, 2h or 7d, not { $text }
filter-unknown = { $word }: is not known, only { $known }; a text with a colon goes in "quotes"
filter-not-without = { $word }: cannot be turned around with !
filter-bad-status = { $text } is no status: { $known }
prompt-save = save the log in
search-troubles = stderr, warnings, errors:
prompt-filter = filter
prompt-search = search
prompt-runs-syntax = words, status:failed wf: since:2h !x; Tab

## One run
pane-log = Log
pane-data = Data
pane-timeline = Timeline
pane-events = Events
groups-none = no run has failed
groups-cut = older ones were not looked at
groups-runs = { $count ->
    [one] 1 failed run
   *[other] { $count } failed runs
 }
groups-when = { $count ->
    [one] 1 run, at { $newest }: { $run }. Enter shows it.
   *[other] { $count } runs from { $oldest } to { $newest }, the newest is { $run }. Enter shows exactly these; * marks them all.
 }
events-none = nothing of that has happened
events-older = { $count } older: rpa why --all
timeline-now = now { $moment }
log-all-steps = all steps
log-fetching = fetching the log
log-saved = { $lines ->
    [one] 1 line saved in { $path }
   *[other] { $count } lines saved in { $path }
 }
log-saved-cut = only the first { $count } lines saved in { $path }: the log is longer than a file of 1 GiB
log-not-saved = the log was not saved: { $why }
log-follow = FOLLOW
log-below = { $count } below
log-lines = { $lines ->
    [one] 1 line
   *[other] { $count } lines
 }
log-lines-of-all = { $lines ->
    [one] 1 line of all steps
   *[other] { $count } lines of all steps
 }
log-looking = looking for its lines
log-no-trouble = no line of it is of stderr, a warning or an error; L shows all
log-only-troubles = only trouble
log-empty = the run has ended without a line
log-nothing-yet = nothing has been printed yet
search-seeking = { $percent } %
search-hit = line { $line }
search-none-after = not found below; n starts at the top
search-none-before = not found above; N starts at the end
data-run-error = Why the run failed
data-step = Step { $step }
data-effect = { $kind }, effect class { $effect }
data-needs = after { $steps }
data-output = output
data-no-output = no output
data-inputs = Inputs
data-outputs = Outputs
data-variables = Variables now
data-run = Run
data-id = id
data-workflow = workflow
data-revision = revision
data-actor = by
data-origin = via
data-log-file = log
data-held = its time-out stands still until the doubt is decided; { $left } of it are left
data-none = none
why-title = Why run { $run } stands so
why-title-step = Why { $step } of run { $run } stands so
why-next = What can be done:
why-more = the rest: { $command } --limit 1000
data-cut = the rest: rpa show RUN --json
fault-hint = hint: { $hint }

## Triggers
triggers-none =
    No workflow here has triggers yet.

    A trigger stands in the workflow file, under triggers: see rpa-workflow(5).
    For times of a cron expression, in a shell:
      rpa schedule preview --cron '0 7 * * MON-FRI' --timezone Europe/Sofia

    It appears here by itself once the file is applied.
triggers-no-match = No trigger has all of: { $filter }. Esc shows them all.
what-every = Every { $period }
what-every-from = Every { $period } from { $from }
what-once = Once, at { $at }
what-times = { $count } times, from { $from } to { $to }
what-never = Never
what-event = event { $name }
what-by-hand = by hand{ $who }
what-after = after { $workflow } { $statuses }
what-or = or
what-files = files in { $place } { $changes }
what-files-below = files in and below { $place } { $changes }
change-created = created
change-modified = modified
change-deleted = deleted
kind-schedule = schedule
kind-webhook = webhook
kind-file_watch = file watch
kind-event = event
kind-after = after a run
kind-manual = by hand
trouble-failing = { $count } failing
trouble-broken = { $count } broken
trouble-paused = { $count } paused by the daemon
trouble-refused = { $count } refused
trouble-missed = { $count } missed
trigger-no-what = no live revision declares it
trigger-next = next { $moment }
trigger-next-due = next { $moment }, fired at { $due }
trigger-last = last { $moment } { $fate }
trigger-open = { $count ->
    [one] 1 run of it goes on
   *[other] { $count } runs of it go on
 }
trigger-waiting = { $count ->
    [one] 1 slot waits
   *[other] { $count } slots wait
 }
trigger-holds = { $count ->
    [one] 1 delivery is held
   *[other] { $count } deliveries are held
}
trigger-missed = { $count ->
    [one] 1 slot was missed or refused within a day
   *[other] { $count } slots were missed or refused within a day
}
trigger-refused = { $count ->
    [one] 1 delivery was refused its run within a day
   *[other] { $count } deliveries were refused their runs within a day
}
trigger-tries = since { $since }, tried { $count ->
    [1] once
   *[other] { $count } times
}; tries again: { $left }
trigger-tried = since { $since }, tried { $count ->
    [1] once
   *[other] { $count } times
}; it tries again when something comes
trigger-rejected = { $count } turned away, the last { $moment }: { $reason }
trigger-failures = { $count ->
    [one] its last run has failed
   *[other] its last { $count } runs have failed
 }
trigger-mend = { $key } lets it fire again: { $command }
trigger-mend-file = correct it in the workflow file, then: rpa apply FILE
trigger-mend-gone = to have it again, declare it in the file: rpa apply FILE
trigger-stands = { $name }: { $status }
trigger-none-meant = no trigger is selected, or it is not known yet
trigger-asked = { $name }: asked the daemon
pane-slots = Past slots
pane-deliveries = Deliveries
pane-coming = To come
slot-no-run = this slot has no run: { $reason }
delivery-no-run = this delivery has no run: { $reason }
slot-run = its run is { $run }: Enter opens it
slot-decided = decided { $moment }
slots-none = It has had no slots yet.
deliveries-none = Nothing has reached it yet.
coming-none = It has no slots to come.
coming-passed = passed over: { $reason }
coming-due = fired at { $due }
upcoming-none = Nothing fires within a day. How triggers stand: 5.
upcoming-times = { $count }, last { $last }
order-pause = Pause { $name }
order-pause-consequence = It skips its slots until somebody resumes it. What it has started goes on.
order-disable = Disable { $name }
order-disable-consequence = It has no slots any more, in later revisions as well, until somebody enables it. What it has started goes on.
order-note = why
order-note-wanted = for those who will wonder why nothing runs
order-note-may = for those who will wonder; may be left empty
order-note-missing = say why: somebody will wonder why nothing runs
fire-title = Fire { $name }
fire-test-title = Test { $name }
fire-data = data, as JSON
fire-about = Its run starts now: its if is not asked, and neither overlap nor debounce holds it back. Test shows first what comes of it.
fire-test-about = Nothing is started: Test shows what would come of this data.
fire-test = Test
fire-start = Fire
fire-would = A run would start.
fire-would-not = No run would start by itself.
fire-stands = But it is { $status } now: by itself it starts nothing.
fire-variables = the variables of its run:
fire-no-variables = It gives its run no variables.
fire-facts = what its expressions read:
backfill-title = Runs for slots of { $name }
backfill-zone = times of { $zone }, or with an offset
backfill-from = from
backfill-to = until before
backfill-about = Slots of that time that had no run get one. Nothing is started before you have seen which ones those are.
backfill-bad-moment = write it like 2026-11-20, 2026-11-20T03:30 or 2026-11-20T03:30+02:00
backfill-no-schedule = { $name } has no times: only of a schedule that is declared it is known which slots had no run
backfill-none = No slot of that time is without a run.
backfill-would = { $count ->
    [one] 1 run would start, for the slot above.
   *[other] { $count } runs would start, one after the other, for the slots above.
 }
backfill-had = { $count ->
    [one] 1 slot had one.
   *[other] { $count } slots had one.
 }
backfill-forgotten = { $count ->
    [one] 1 slot is older than all that is remembered and gets none.
   *[other] { $count } slots are older than all that is remembered and get none.
 }
backfill-to-come = { $count ->
    [one] 1 slot is to come by itself.
   *[other] { $count } slots are to come by themselves.
 }
backfill-show = Show the slots
backfill-start = { $count ->
    [one] Start 1 run
   *[other] Start { $count } runs
 }
backfill-started = { $count ->
    [one] 1 run asked for
   *[other] { $count } runs asked for
 }

## Cancelling
cancel-title = { $count ->
    [one] Cancel this run?
   *[other] Cancel { $count } runs?
 }
cancel-more = and { $count } more
cancel-consequence = Running steps get SIGTERM, and SIGKILL if they do not end. What they have done so far stays done.
cancel-type = Type { $count } to confirm:
cancel-keep = Keep running
cancel-do = Cancel
cancel-nothing = nothing here can be cancelled: it has ended
cancel-done = { $count ->
    [one] 1 run is being cancelled
   *[other] { $count } runs are being cancelled
 }
cancel-asked = { $count ->
    [one] asked to cancel 1 run
   *[other] asked to cancel { $count } runs
 }

## Pausing
pause-nothing = nothing here can be paused: it has ended, or is paused
pause-title = Pause { $count } runs?
pause-consequence = Nothing new begins in them until they are resumed. Steps that run go on to their end.
pause-done = { $count ->
    [one] 1 run is paused
   *[other] { $count } runs are paused
 }
pause-asked = { $count ->
    [one] asked to pause 1 run
   *[other] asked to pause { $count } runs
 }
resume-nothing = nothing here can be resumed
resume-title = Resume { $count } runs?
resume-consequence = They go on where they were paused.
resume-done = { $count ->
    [one] 1 run goes on
   *[other] { $count } runs go on
 }
resume-asked = { $count ->
    [one] asked to resume 1 run
   *[other] asked to resume { $count } runs
 }

## Running again
bulk-refused = { $count ->
    [one] 1 was refused: { $why }
   *[other] { $count } were refused, the first: { $why }
 }
retry-title = Retry { $count } runs?
retry-consequence = Each begins a new run that keeps what has settled well. Where a step that acts only once would be repeated, you are asked first.
retry-one-title = Retry run { $run }?
retry-live = { $name } is at revision { $live } now; this run had revision { $revision }.
retry-about-own = Its failed steps run again just as they were then.
retry-about-live = Steps that are other in the live revision run again as well.
retry-other = { $count ->
    [one] For 1 of them another revision is live now.
   *[other] For { $count } of them another revision is live now.
 }
retry-own = that of each run
retry-newest = the live one
retry-nothing = none of the marked runs has failed or was cancelled
retry-asked = { $count ->
    [one] asked to retry 1 run
   *[other] asked to retry { $count } runs
 }
retry-done = { $count ->
    [one] 1 run was started again
   *[other] { $count } runs were started again
 }
again-not-ended = it has not ended: cancel it first (x), then it can be run again
again-in-doubt = a step is in doubt: decide about it first (d), or cancel the run (x)
again-one = one run at a time is run again: take the other marks away (Space)
again-asked = asked to run { $run } again
again-started = run { $run } takes over from { $before }; E opens that one
retry-completed = it has completed: b runs it again from a step, R starts a new one
rerun-select = select the step to begin from, then press b again
rerun-inside = only the workflow's own steps can be begun from: select { $step }
rerun-handler = handlers run at the end of a run: select a step of the workflow itself
earlier-none = this run has taken over from no other, and none has called it
repeat-title = Run them again?
repeat-consequence = What such a step does must not happen twice, and these may have done it: a payment, a mail. Run again, they do it once more.
repeat-keep = Leave it
repeat-do = Run them again

## Deciding
resolve-title = Step { $step } is in doubt
resolve-why = The connection to it was lost; nobody saw how it ended.
resolve-find-out = Its effect class is { $effect }: run blindly again it might happen twice. Find out whether it was done, then say so.
resolve-done = it was done: go on with what comes after
resolve-retry = it was not done: run it again, with the same key
resolve-fail = treat it as failed
resolve-all = all { $count } that are in doubt in { $of } alike
resolve-outputs = outputs, name=value
resolve-choose = choose one of the three
resolve-bad-output = { $text }: write outputs as name=value
resolve-nothing = no step of this run is in doubt or asks for approval
resolve-in-called = a person is wanted in a run that a step has called: Enter on it
resolve-asked = decision about { $step } sent
## Approving
asked-none =
    Nothing waits for approval.
    What a step of a workflow asks people (approval:) stands here until somebody decides.
doubts-none =
    No run is in doubt.
    After a crash nobody may know whether a step was done that must be done only once. Its
    run stands here then, until somebody says what became of it. Esc shows all runs.
asked-more = the first { $count }; rpa approvals lists all
vote-title = Step { $step } asks for approval, { $have } of { $quorum }
vote-shown = Exactly this is approved
vote-voters = Who may
vote-everybody = everybody
vote-but = { $who }, but not { $starter }, who started the run
vote-have = Approved by { $have } of { $quorum }
vote-asked = Asked
vote-since = { $moment }, in a run of { $workflow } that { $who } started
vote-due = until { $moment }
vote-digest = digest { $digest }
vote-above = { $count } above: PgUp
vote-below = { $count } below: PgDn
vote-comment = comment
vote-counts = Your word counts for just what stands here.
vote-changed = Something else is asked by now. This is it: read it again, then decide.
vote-gone = This is not asked any more: others have decided, or the run has ended.
vote-approve = Approve
vote-reject = Reject
vote-close = Close
vote-sent = word on { $step } sent
vote-approved = { $step }: approved
vote-rejected = { $step }: rejected
vote-missing = { $count ->
    [one] { $step }: approved, 1 more has to approve
   *[other] { $step }: approved, { $count } more have to approve
 }

## The form
form-title = Run { $name }, revision { $revision }
form-title-again = Run { $run } again from { $step }
form-start = Start the run
form-again = Run again
form-default = { $value } (default)
form-not-given = not given
form-as-it-was = as it was:
form-revision = revision
form-pinned = { $revision }, of the run
form-newest = { $revision }, live now
form-space = Space changes it
form-required = this must be given
form-number = a number, such as 80 or 0.5
form-boolean = true or false
form-list = a JSON list, such as ["a", "b"]
form-json = a JSON document
form-secret = the name of a secret (a-z, 0-9, _), never its value
form-about-string = text
form-about-number = a number
form-about-boolean = true or false
form-about-list = a JSON list, such as ["a", "b"]
form-about-json = a JSON document
form-about-secret = the name of a secret; its value stays with the daemon
form-about-revision = Space chooses; with the live one, steps that are other now run again
form-no-fields = This workflow takes no variables.
form-ready = Enter starts the run.
form-no-workflow = the workflow { $name } is not known here

## Palette, help, settings
palette-title = Commands
palette-nothing = nothing is called so
palette-workflow = the steps, triggers and revisions of { $name }
palette-run = start a run of { $name }
palette-runs-of = the runs of { $name }
palette-deliveries = what was delivered to trigger { $name }
palette-slots = the slots of trigger { $name }
palette-show = open run { $run }
palette-keyboard = the keyboard that commands are typed on
palette-glyphs = which signs are drawn
help-title = Keys: { $screen }
help-conditions = / takes words and { $words } with ! for not, "quotes" around a text with a colon
help-filter = filter:
help-nothing = no key is described so
keys-file-head =
    The keys of rpa-tui. Save this as keys.toml beside tui.toml; a line without # in front
    takes the place of the usual keys of that action. Above the first [place] a line holds
    wherever there is that action. [] takes all keys from it: the palette still has it.
scope-everywhere = everywhere
scope-moving = moving
scope-home = home
scope-welcome = home: first steps
scope-approvals = approvals
scope-locks = locks
scope-notifications = notifications
scope-workflows = workflows
scope-runs = runs
scope-groups = failures by what and where
scope-triggers = triggers
scope-upcoming = upcoming
scope-trigger = trigger
scope-run = run
scope-workflow = workflow
scope-graph = graph of a workflow
scope-step = step of a workflow
scope-editor = editor: steps
scope-editor-graph = editor: graph
scope-editor-form = editor: form
scope-its-triggers = triggers of a workflow
scope-revisions = revisions of a workflow
scope-text = source or difference
scope-log = log
scope-data = data
scope-run-graph = graph of a run
scope-timeline = timeline of a run
scope-events = events of a run
language-set = language: { $name }
keyboard-set = keyboard: { $name }
glyphs-set = glyphs: { $name }
keyboard-title = Which keyboard is this?
keyboard-why = A Cyrillic letter came where a command was meant. Commands are where they stand on a Latin keyboard; say which layout yours has. Esc leaves it as it is; all of it works with arrows, Enter, Tab and F-keys, too.
keyboard-us = Latin: letters mean themselves
keyboard-bg-bds = БДС
keyboard-bg-phonetic = phonetic (традиционна фонетична)
keyboard-bg-bas-phonetic = phonetic of the Academy (фонетична на БАН)
cannot-suspend = there is no shell to go back to
not-saved = set, but not kept: { $why }

## The dashboard
act-overview = home
act-overview-help = what wants a person, what is under way, what fires next
act-example = the example
act-example-help = make the example known to the daemon, where there is no workflow yet
home-day = 24 h
home-day-from = since { $moment }
home-ok = ok
home-failed = failed
home-since = an hour each, since { $moment }
home-attention = Wants a person
home-attention-none = nothing
home-open = Under way
home-open-none = nothing runs
home-next = Next
home-next-none = nothing fires within a day
home-what-daemon = daemon
home-what-asked = approval
home-more = there are older ones: Enter lists them all
home-daemon = the daemon is { $state }
home-runner = no step can begin: the runner is not ready
home-backup = the last backup did not come about
home-trouble-broken = it names no moments
home-away =
    To start one, in a shell:
      rpad                           your own, in the foreground
      sudo systemctl start rpad      that of the system

welcome-title = Welcome. There are no workflows yet.
welcome-text = Three steps to one that runs: { $name } only looks how full the disks are.
welcome-apply = make { $name } known to the daemon
welcome-run = run it: a form asks for its variables, F8 starts it
welcome-watch = watch what it prints
welcome-own = n begins a workflow of your own here. In a shell rpa init writes one with comments, hello.yaml; rpa check hello.yaml finds every problem of it, rpa apply hello.yaml makes it known. ? shows all keys.
new-begun = { $name } is new: nothing of it is saved yet
welcome-applying = { $name } is being applied
welcome-applied = { $name } is known to the daemon; R runs it

## Locks
act-locks = locks
act-locks-help = locks and pools of tokens: who holds them, who waits
act-release = release
act-release-help = take from a step what it holds, or take a pool away; asks first
act-pool = pool
act-pool-help = make a pool of tokens, or give the selected one another size
col-lock = LOCK
col-lease = UNTIL
locks-none =
    No lock is held here, and there are no pools of tokens.

    e makes a pool.
lock-holds = holds
lock-waits = waits { $place }
lock-held = held
lock-free = free
lock-wait-count = { $count ->
    [one] 1 waits
   *[other] { $count } wait
 }
pool-held = { $taken } of { $size }
lock-none-meant = a step that holds or waits opens its run
lock-nothing-held = select a step that holds it, or a pool
lock-asked = the daemon is asked
lock-released = { $step } does not hold { $lock } any more, and goes on
lock-keep = leave it
release-title = Take { $lock } from a step?
release-consequence = { $step } of run { $run } is not stopped: others may then hold { $lock } while it still works. To end it, cancel its run instead.
release-do = release it
drop-title = Take the pool { $name } away?
drop-consequence = Steps that ask for tokens of { $name } then fail. It is refused while somebody holds some or waits.
drop-do = take it away
pool-title = A pool of tokens
pool-consequence = So many tokens may be held at a time. A smaller size takes nothing from who holds some: new ones wait.
pool-name = name
pool-size = size
pool-wrong = a name, and a size from 1 to 1 000 000
pool-sized = { $count ->
    [one] the pool { $name } has 1 token
   *[other] the pool { $name } has { $count } tokens
 }
pool-dropped = { $name } is no pool any more

## Notifications
act-notifications = notifications
act-notifications-help = what wants a person: failures, questions, lost slots, the daemon itself
act-ack = seen
act-ack-help = the selected notification was seen, or those that are marked
act-ack-all = all seen
act-ack-all-help = all notifications that are shown were seen; asks first
act-standing = which
act-standing-help = those that are open, those that nobody has seen, all
col-level = LEVEL
col-source = SOURCE
col-state = STATE
unread = unread
notifications-unread = unread
notifications-open = open
notifications-all = all
notifications-none =
    Nothing has happened that wants a person.
notifications-none-unread = Nothing is unread. Tab shows the others.
notifications-none-open = Nothing wants a person now. Tab shows what was seen, and what is over.
notifications-no-match = No notification fits "{ $filter }".
notification-new = { $source }: { $what }
notification-times = { $count ->
    [one] once, at { $since }
   *[other] { $count } times since { $since }
 }
notification-over = over at { $moment }: { $how }
notification-seen = seen at { $moment } by { $who }
severity-information = info
severity-warning = warning
severity-question = question
severity-error = error
standing-unread = unread
standing-open = open
standing-done = done
settled-decided = somebody has decided
settled-timed_out = its time ran out
settled-ended = its run has ended
settled-rerun = reruns have completed
settled-resumed = the trigger goes on, or is not armed any more
settled-released = the restored store goes on
settled-over = it is so no more
ack-nothing = nothing of it is unread
ack-asked = the daemon is told
ack-done = { $count ->
    [0] nothing of it was unread any more
    [one] 1 notification was seen
   *[other] { $count } notifications were seen
 }
ack-missing = { $count ->
    [one] 1 of them is not there any more
   *[other] { $count } of them are not there any more
 }
ack-title = { $count ->
    [one] 1 notification is unread
   *[other] { $count } notifications are unread
 }
ack-consequence = They count as seen by you. What comes meanwhile stays unread, and what they are about stays as it is.
ack-keep = leave them
ack-do = all seen

## Settings
act-settings = settings
act-settings-help = language, glyphs, colours, time zone and so on, and where each comes from
settings-title = Settings
settings-none = none
settings-file = kept in { $path }
setting-set = { $name } is { $value }
setting-refused = { $name } can be { $range }
set-language = language
set-language-help = What the console speaks.
set-keyboard = keyboard
set-keyboard-help = Which Cyrillic layout the command keys are pressed on.
set-glyphs = glyphs
set-glyphs-help = Signs beyond ASCII, or ASCII alone.
set-max_fps = frames a second
set-max_fps-help = At most, from the next start on. Without it 30, and 10 over SSH.
set-start = start screen
set-start-help = What the console begins with, and what Esc leads back to.
set-theme = colours
set-theme-help = Those of the terminal, none, or none faint and all bold.
set-motion = motion
set-motion-help = Durations grow each second, or each ten seconds.
set-time_zone = time zone
set-time_zone-help = In which moments are shown.
set-read_only = read-only
set-read_only-help = Whatever would change something is refused.
origin-default = default
origin-file = the file, line { $line }
origin-environment = environment, { $name }
origin-flag = command line
origin-here = changed here, and kept
hint-other-value = another
read-only = read-only: nothing is changed from here; the settings (,) let it go

## Search over everything
act-find = find
act-find-help = look for a text in workflows, steps, triggers and runs
palette-find = look for { $text } in everything
find-title = Find
find-workflows = workflows
find-steps = steps
find-triggers = triggers
find-runs = runs
find-type = words of a name, a step or an error; the end of a run's id
find-looking = runs are being looked through
find-none = nothing was found
find-count = { $count ->
    [one] 1 place
   *[other] { $count } places
 }

# copying
act-copy = copy
act-copy-help = sends what names the selected thing, a run, a workflow, a line, to the clipboard of the terminal; tmux takes it with set-clipboard on
act-copy-command = copy the command
act-copy-command-help = sends there the rpa command that was shown last, or that shows this
copied = sent to the terminal: { $text }
copied-tmux = sent to tmux (needs set-clipboard on): { $text }
copied-command = sent to the terminal:
copied-command-tmux = sent to tmux (needs set-clipboard on):
copy-nothing = there is nothing here to copy
copy-kept = too long for the clipboard, or there is none: it is in { $path }
copy-failed = it could not be copied: { $why }

# commands
composer-run = Run it
composer-copy = Copy it
composer-shell = It makes sense in a shell only: copy it and paste it there.
composer-changes = It changes something. Enter does it.
reader-waits = it has printed nothing yet
reader-nothing = it printed nothing
reader-runs = running
reader-exit = exit { $code }
reader-ended = was ended
reader-cut = the rest is left out
reader-failed = it could not be run: { $why }
hint-again = again

# the mouse
act-mouse = mouse
act-mouse-help = takes clicks and the wheel for the console, or leaves them to the terminal
mouse-on = the mouse is the console's; hold Shift to select text with it
mouse-off = the mouse is the terminal's again
set-mouse = mouse
set-mouse-help = Whether clicks and the wheel are for the console. With Shift they are the terminal's.

# slots of all triggers
act-slots = slots
act-slots-help = what reached all triggers and what became of it, the newest first
scope-slots = slots
ledger-none = Nothing has reached a trigger yet.
ledger-no-match = Nothing fits { $filter }. Esc shows all.
prompt-slots-syntax = status:missed trigger:NAME wf:NAME since:2h words

# the way, and saved views
act-way-back = back on the way
act-way-back-help = to the place where one was before, as far as one likes
act-way-on = on again
act-way-on-help = on the same way forwards again
act-last = last place
act-last-help = to the place before this one
act-view = views
act-view-help = lists with a filter that were saved under a name; view save NAME saves this one
trail-ends = the way ends here
palette-view-save = saves this list with its filter under a name
palette-view-delete = forgets the view
view-saved = view { $name }: { $place }
view-deleted = view { $name } is forgotten
view-bad-name = a view is called by one word of letters and digits, and not save or delete
view-no-place = this list cannot be saved
view-broken = view { $name } cannot be shown: { $place }
