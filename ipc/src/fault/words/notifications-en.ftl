

# Notifications: what deserves a person's attention.

no-notification = { $count ->
    [one] there is no notification { $id }
   *[other] there are no notifications { $id }
}
hint-RPA0226 = look at the disk; then say that it was seen: rpa notifications ack ID
title-RPA0226 = a stored notification is damaged
hint-RPA0560 = see `rpa notifications --all`
title-RPA0560 = no such notification
ack-too-many = { $count } notifications at once; at most { $most }
notification-failed = failed: { $error }
notification-failed-at = failed at { $step }: { $error }
notification-timed-out = its time ran out
notification-doubt = { $step } is in doubt: { $reason }
notification-approval = { $step } waits for approval: { $message }
notification-approval-late = nobody has decided { $step } in time
notification-sla-start = did not start in the promised time
notification-sla-finish = did not end in the promised time
notification-slot-missed = missed its slot of { $slot }: { $why }
notification-slot-skipped = skipped its slot of { $slot }: { $why }
notification-slot-refused = no run for its slot of { $slot }: { $why }
notification-delivery-dropped = dropped a delivery: more are held than may be
notification-delivery-refused = no run for a delivery: { $why }
notification-trigger-paused = paused: { $failures ->
    [one] its run failed
   *[other] { $failures } runs failed one after the other
}
notification-trigger-failing = hears nothing: { $why }
notification-returned = the daemon was not stopped and is back: { $runs ->
    [0] nothing was under way
    [one] one open run goes on
   *[other] { $runs } open runs go on
}
notification-returned-lost = the daemon was not stopped and is back: { $lost ->
    [one] one attempt was cut off
   *[other] { $lost } attempts were cut off
}, { $runs ->
    [one] one open run goes on
   *[other] { $runs } open runs go on
}
notification-machine = the machine went down and is back: { $runs ->
    [0] nothing was under way
    [one] one open run goes on
   *[other] { $runs } open runs go on
}
notification-machine-lost = the machine went down and is back: { $lost ->
    [one] one attempt was cut off
   *[other] { $lost } attempts were cut off
}, { $runs ->
    [one] one open run goes on
   *[other] { $runs } open runs go on
}
notification-restored = the store was restored from a backup: { $runs ->
    [0] nothing is held, and triggers wait
    [one] one open run is held
   *[other] { $runs } open runs are held
}
notification-disk = little space is free: no new work is accepted
notification-backup = no backup was made: { $why }
notification-dropped = { $count ->
    [one] one notification that nobody had seen was let go
   *[other] { $count } notifications that nobody had seen were let go
}: no more than { $most } are kept
notification-unreadable = cannot be read: { $detail }; whoever says that it was seen removes it
notification-mended = { $what } ({ $count } times; reruns have mended { $mended })
