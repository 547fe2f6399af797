

# Backups, restores, and what `rpa doctor` finds.

backup-bad = { $file } is no good backup: { $why }
backup-unread = it cannot be read: { $error }
backup-foreign = rpad has not made it
backup-format = its format is { $found }, this version reads { $known }
backup-torn = it breaks off after "{ $after }"
backup-content = "{ $path }" is not as it was written
backup-place = "{ $path }" does not belong there
backup-missing = "{ $path }" is missing
backup-member-unread = "{ $path }" cannot be read: { $error }
backup-stream-broken = the backup broke off: { $error }
backup-stream-closed = the backup broke off: the daemon hung up, see its log
backup-busy = a backup is being made already, or the store is being looked through
backup-there = { $path } is there already
backup-no-space = no space is left for the backup: { $error }
backup-not-written = the backup could not be written: { $error }
backup-needs-space = { $directory } has { $free } MiB left, and the backup may need { $needed } MiB
hint-backup-directory = make room, or name another directory in backup.directory of rpad.toml
backup-newer = { $path } has a store of format { $found }, this version knows { $known }; nothing was changed
file-failed = { $path }: { $error }
run-unread = run { $run } cannot be read: { $detail }
peer-no-operator = { $peer } may use this daemon, but this is for root and the daemon's own user
hint-as-operator = run it as root, or as the daemon's user: sudo -u rpad rpa ...
store-there = { $path } has a store in which something is
restore-unfinished = a restore into { $path } was broken off
hint-restore-again = mend that, then begin the restore anew: what was there before is kept
restore-done = restored into { $path }: { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
}, { $open } of them open, as of { $taken }
restore-replaced = what was there before is in { $path }
restore-damaged = { $rows ->
    [one] { $rows } row was damaged already when the backup was taken
   *[other] { $rows } rows were damaged already when the backup was taken
}
restore-identity = its identity is that of the original, { $instance }: never let both go on
restore-held = open runs are held; { $attempts ->
    [one] { $attempts } step was
   *[other] { $attempts } steps were
} under way
restore-next = start the daemon, then look with `rpa resume --restored --dry-run`
calls-taken = too many calls are under way on this connection
why-run-held = it was open in a backup that was restored, and is held until `rpa resume --restored`
nothing-held = no run is held: this store was not restored, or goes on already
reason-held = restored from a backup: open runs that are held: { $count }

error-dir-limit = the working directories of the run have more than { $limit } bytes (runs.dir_limit)

## What `rpa doctor` finds

doctor-word-ok = ok
doctor-word-note = note
doctor-word-warning = warning
doctor-word-error = error
doctor-check-backup = backup
doctor-check-daemon = daemon
doctor-check-disk = disk
doctor-check-runs = runs
doctor-check-schedules = schedules
doctor-check-socket = socket
doctor-check-starts = starts
doctor-check-state = state
doctor-check-store = store
doctor-check-clock = clock
doctor-check-limits = limits
doctor-check-permissions = permissions
doctor-daemon = the daemon answers: { $version }, pid { $pid }
doctor-no-daemon = the daemon does not answer, so this is what can be seen without it: { $why }
doctor-start = start it: systemctl start rpad, or rpad; its log says why it ended
doctor-daemon-state = the daemon is { $state }: { $reason }
doctor-see-status = see `rpa status`
doctor-no-state-dir = there is no state directory
doctor-state-unseen = the state directory cannot be looked into: { $error }
doctor-as-owner = run it as the daemon's user
doctor-lock-held = the lock of the state directory names pid { $pid }, which lives
doctor-lock-dead = the lock of the state directory names pid { $pid }, which is gone
doctor-socket-stale = a socket that nobody listens at: the next start replaces it
doctor-restoring = a restore was broken off: no daemon starts
doctor-store-there = the store is there, { $size } MiB
doctor-store-missing = there is no store
doctor-store-sound = the store is sound: { $rows } rows were looked at, on a copy
doctor-store-damaged = the store is damaged: { $damaged } of { $rows } rows, or the structure around them
doctor-store-rows = { $damaged } of { $rows } rows are damaged, see below; the structure around them is sound
doctor-store-unread = the store cannot be read to its end: { $error }
doctor-store-large = no copy of the store was made to look at its structure: it has { $size } MiB, or there is no room
doctor-store-by-backup = a backup reads every row: rpa backup FILE
doctor-store-busy = the store was not looked through: a backup is being made
doctor-restore = stop the daemon, keep the file, and restore a backup: rpad restore FILE --replace
doctor-audit-fine = { $count ->
    [one] { $count } run agrees with its journal, and with all lists, timers and queues
   *[other] { $count } runs agree with their journals, and with all lists, timers and queues
}
doctor-audit-partly = of { $all } runs { $runs } were looked at within { $seconds } s, and the journals of { $journals }, the newest first
doctor-audit-more = { $count ->
    [one] there is { $count } more finding of this kind
   *[other] there are { $count } more findings of this kind
}
doctor-audit-log = the daemon's log has the first hundred, a line each: journalctl -u rpad
doctor-audit-unread-run = rows of run { $run } cannot be read (table { $table }): { $detail }
doctor-audit-unread = a row of table { $table } cannot be read: { $detail }
doctor-audit-astray-run = run { $run } may wait for ever, or be forgotten (table { $table }): { $detail }
doctor-audit-astray = what runs share is not in order (table { $table }): { $detail }
doctor-audit-differs-run = what is stored of run { $run } does not agree (table { $table }): { $detail }
doctor-audit-differs = what is stored does not agree (table { $table }): { $detail }
doctor-audit-catalogue = the catalogue of workflows is not whole (table { $table }): { $detail }
doctor-audit-listed-run = lists do not show run { $run } as it is (table { $table }): { $detail }
doctor-audit-listed = lists and counts are wrong (table { $table }): { $detail }
doctor-audit-stray = rows are stored that belong to nothing (table { $table }): { $detail }
doctor-audit-archived = run { $run } in this archive is damaged (table { $table }): { $detail }
doctor-audit-archive = this archive is damaged (table { $table }): { $detail }
doctor-archive-gone = { $count ->
    [one] the archive of { $day } is not there, and the run that it had is gone with it
   *[other] the archive of { $day } is not there, and { $count } runs are gone with it
}
doctor-bring-archive = put the file back before retention forgets it; a backup without --history has none
doctor-run-damaged = see what it has done: rpa logs { $run }; then rpa explain RPA0225
doctor-run-astray = rpa cancel { $run }, then rpa retry { $run }; else restore a backup
doctor-run-differs = do not trust what is shown of it: compare rpa logs { $run }; keep a copy of the store
doctor-apply-again = apply the workflow's file again: rpa apply FILE; else restore a backup
doctor-work-goes-on = work goes on; keep a copy of the store and report it, restore a backup when it suits
doctor-keep-archive = live runs are not touched; put the file back from a backup, or move it elsewhere
doctor-not-looked = not looked at, because only the daemon can: the rows of the store, the clock, limits, runs, backups
doctor-when-it-answers = when it answers again: rpa doctor
doctor-modes-fine = state directory, store, socket and secrets are closed to others
doctor-unseen = it cannot be looked at: { $error }
doctor-open = others may get at it: its mode is { $mode }
doctor-secret-open = others may read this secret
doctor-chmod = run chmod go= { $path }
doctor-owner = it belongs to user { $owner }, and the daemon is user { $user }
doctor-chown = run chown { $user } { $path }
doctor-restart = restart the daemon
doctor-socket-gone = the daemon's socket is gone: { $error }
doctor-socket-other = there is something else at the place of the socket
doctor-disk-fine = { $free } MiB are free; the store grows by about { $growth } MiB a day
doctor-disk-days = { $free } MiB are free, enough for { $days } days: the store grows by about { $growth } MiB a day
doctor-disk-little = only { $free } MiB are free
doctor-make-room = make room, or move the state directory to a larger disk
doctor-clock-forward = the clock was set forward by { $seconds } s since the daemon started
doctor-clock-back = the clock was set back by { $seconds } s since the daemon started
doctor-clock-before-runs = the clock is { $seconds } s behind the newest run
doctor-clock-kept = something keeps the clock right; the machine is up for { $minutes } min
doctor-clock-unkept = it cannot be seen that anything keeps the clock right; the machine is up for { $minutes } min
doctor-keep-time = let systemd-timesyncd or chrony keep the clock
doctor-limits-fine = { $open } of { $most } descriptors are open; processes and watches suffice
doctor-few-files = the daemon may open { $most } files, and may come to need { $wanted }
doctor-files-used = { $open } of { $most } descriptors are open
doctor-more-files = raise LimitNOFILE of the unit, or ulimit -n
doctor-few-processes = its user may have { $most } processes, and runs.max_attempts is { $attempts }
doctor-more-processes = raise LimitNPROC of the unit, or lower runs.max_attempts
doctor-few-inotify = its user may have { $most } watchers of files
doctor-runs-fine = { $open } of { $all } runs are open; none waits for a decision
doctor-held = { $count ->
    [one] the store was restored, and { $count } run is held
   *[other] the store was restored, and { $count } runs are held
}
doctor-resume-restored = rpa resume --restored --dry-run, then rpa resume --restored
doctor-doubts = { $count ->
    [one] { $count } run is in doubt
   *[other] { $count } runs are in doubt
}
doctor-schedules = { $armed } of { $all } triggers are armed
doctor-schedules-more = { $count ->
    [one] and 1 more trigger that does not fire
   *[other] and { $count } more triggers that do not fire
 }
doctor-schedule-behind = { $name } has a slot of { $seconds } seconds ago that nobody has taken
doctor-schedule-ahead = { $name } fires nothing before { $until }: the clock stood there once, and its slots were taken up to then
doctor-schedule-broken = { $name } cannot fire: { $why }
doctor-schedule-paused = { $name } does not fire: { $why }
doctor-source-failing = { $name }: { $why }
doctor-source-odd = { $name } has passed over { $count ->
    [one] one thing that came; the last: { $why }
   *[other] { $count } things that came; the last: { $why }
}
doctor-mend-source = mend it: the daemon looks again by itself
doctor-schedule-cadence = { $name } { $why }
doctor-see-slots = rpa slots shows each of them, and rpa why WORKFLOW/TRIGGER@TIME says why; let the runs be shorter, the schedule less often, or choose another overlap
doctor-resume-trigger = rpa triggers, then rpa triggers resume
doctor-enable-trigger = when the clock is right again: rpa triggers enable; slots from then on fire, but those that have had a run
doctor-mend-trigger = mend the workflow file or [calendars] in rpad.toml
doctor-see-doubts = rpa doubts, then rpa resolve
doctor-waiting-long = { $count ->
    [one] { $count } run waits for more than { $days } days
   *[other] { $count } runs wait for more than { $days } days
}
doctor-see-waiting = see rpa runs --status waiting,paused
doctor-backup-failed = the last scheduled backup did not come about: { $why }
doctor-backup-late = a scheduled backup is overdue in { $directory }
doctor-see-backup = see `rpa status` and the daemon's log
doctor-backup-age = the last backup is { $hours } h old
doctor-no-backup = no backup was made yet
doctor-make-backup = rpa backup FILE, or set backup.directory in rpad.toml
doctor-starts-fine = no start has failed in the last week
doctor-failed-starts = { $count ->
    [one] { $count } start has failed in the last week: { $last }
   *[other] { $count } starts have failed in the last week, the last: { $last }
}
doctor-see-log = rpa explain CODE, and the daemon's log

## Codes

title-RPA0220 = not a good backup
hint-RPA0220 = copy it anew from where it was made, or take an earlier one
title-RPA0221 = the file is there already
hint-RPA0221 = name another one, or replace it with --force
title-RPA0222 = a backup is being made
hint-RPA0222 = try again when it is done, see `rpa status`
title-RPA0223 = there is a store already
hint-RPA0223 = name an empty --state-dir, or move what is there aside with --replace
title-RPA0224 = a restore was not finished
hint-RPA0224 = begin it anew with `rpad restore FILE`
title-RPA0440 = a run's directory is too large
hint-RPA0440 = let the step write elsewhere or less, or raise runs.dir_limit
title-RPA0550 = nothing is held
hint-RPA0550 = see `rpa status`
