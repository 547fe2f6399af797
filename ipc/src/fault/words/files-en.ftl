# What is done with files of people: formatting them, writing the first one.

title-RPA0330 = a file that could not be formatted
hint-RPA0330 = write that place more plainly, or leave the file as it is

unformatted-line = { $file }: what is written around line { $line } cannot be kept; the file was left as it is
unformatted-changed = { $file }: formatted, it would no longer say the same; the file was left as it is

init-no-example = there is no example "{ $name }"
hint-init-list = see `rpa init --list`
init-there = { $path } is there already
hint-init-there = give another name, or move the file away
init-name = "{ $name }" is no name for a workflow
hint-init-name = use small letters, digits, - and _, for example disk-report

title-RPA0109 = a daemon that did not start
hint-RPA0109 = start it in the foreground with `rpad` to see why

start-failed = rpad cannot be started: { $error }
start-unit = systemd could not start the user unit rpad
start-ended = rpad ended at once; its log is { $log }
start-slow = rpad (pid { $pid }) has not answered for { $seconds } s; its log is { $log }
