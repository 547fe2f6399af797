

# Schedules: what is wrong with one, and with the calendars of rpad.toml.

title-RPA0322 = a schedule that cannot be reckoned
hint-RPA0322 = see `rpa schedule preview --help`

problem-schedule-zone = there is no time zone "{ $name }"
problem-schedule-calendar = there is no calendar "{ $name }"
problem-schedule-days = no day of the week is left by the schedule's days
problem-schedule-period = a period of { $ms } ms is too short
problem-schedule-none = the schedule names no moment
problem-cron-empty = the cron expression is empty
problem-cron-long = the cron expression is longer than { $most } characters
problem-cron-fields = a cron expression has 5 fields, or 6 with seconds first; this one has { $count }
problem-cron-nickname = there is no "{ $name }" in cron expressions
problem-cron-reboot = "@reboot" names no moment
problem-cron-field = the { $what } "{ $text }" cannot be read
problem-cron-never = no day is named by "{ $text }"

word-second = second
word-minute = minute
word-hour = hour
word-day-of-month = day of the month
word-month = month
word-day-of-week = day of the week

advice-zone = write the name of a place, as Europe/Sofia, or UTC; timedatectl list-timezones shows them
advice-zone-offset = write the name of a place, as Europe/Sofia: its offset changes; an offset that never does is Etc/GMT-2, which is two hours ahead of UTC
advice-zone-none = this machine has no time zones: install the package tzdata
advice-calendar-none = rpad.toml has no calendars: add one as [calendars.NAME]
advice-calendar-near = did you mean "{ $near }"? calendars: { $list }
advice-calendar-add = add it to rpad.toml as [calendars.NAME]; calendars: { $list }
advice-cron-example = write minute, hour, day, month and day of the week: "0 7 * * MON-FRI"
advice-cron-long = use ranges and steps, or several triggers
advice-cron-reboot = a unit of the service manager can call `rpa run` at a start
advice-cron-never = name a day that some month has
advice-cron-upwards = a range goes upwards; write { $ranges }
advice-cron-second = a second is 0 to 59, *, a list 0,30, a range 10-20, or a step */15 or 10-50/5
advice-cron-minute = a minute is 0 to 59, *, a list 0,30, a range 10-20, or a step */15 or 10-50/5
advice-cron-hour = an hour is 0 to 23, *, a list 7,19, a range 9-17, or a step */2 or 8-18/2
advice-cron-day = a day is 1 to 31, *, a list 1,15, a range 1-7, a step */2, L for the last day, 15W for the weekday that is nearest, or LW for the last one
advice-cron-month = a month is 1 to 12 or JAN to DEC, *, a list, a range MAY-SEP, or a step */3
advice-cron-weekday = a day is 0 to 7 (0 and 7 are Sunday) or SUN to SAT, *, a list, a range MON-FRI, MON#2 for the second Monday, or FRIL for the last Friday
advice-schedule-days = take one of the days out that are excluded
advice-schedule-period = write at least 1s
advice-schedule-moment = write at least one moment: ["2027-01-31 09:00"]

config-calendar-name = "{ $name }" is no name of a calendar
config-calendar-built-in = the calendar "{ $name }" is there by itself
config-calendar-empty = names no day
config-calendar-weekday = "{ $text }" is no day of the week
config-calendar-date = "{ $text }" is no date
config-calendar-backwards = "{ $text }" ends before it begins
config-calendar-entries = has { $count } entries; at most { $most } are read
config-calendar-utf8 = is not UTF-8
config-ical-line = is no line of an iCalendar file
config-ical-long = the line is longer than { $most } bytes
config-ical-begin = BEGIN:{ $name } has no END
config-ical-end = END:{ $name } without its BEGIN
config-ical-value = { $name } "{ $value }" cannot be read
config-ical-rule = RRULE "{ $rule }" is not read
config-ical-property = { $name } is not read
config-ical-other-day = RRULE names another day than DTSTART
config-ical-no-start = the event has no DTSTART
config-ical-too-long = the event is too long
config-ical-backwards = the event ends before it begins
config-write-calendar = write [calendars.NAME] on a line of its own
config-calendar-characters = use up to 64 lower-case letters, digits, - and _
config-calendar-other-name = choose another name
config-calendar-keys = write days, dates or file below it
config-calendar-in-file = calendars stand in the file alone
config-calendar-weekdays = write mon, tue, wed, thu, fri, sat or sun
config-calendar-write-date = write a date as 2026-12-24, or days as 2026-12-31..2027-01-02
config-calendar-earlier = write the earlier day first
config-calendar-years = keep only the years that are to come
config-calendar-save-utf8 = save it as UTF-8
config-calendar-readable = the daemon must be able to read it; name another file, or repair this one
config-ical-name-value = each line is NAME:VALUE, or goes on with a blank
config-ical-damaged-line = this is no calendar, or a damaged one
config-ical-cut = the file is cut off: get it again
config-ical-damaged = the file is damaged: get it again
config-ical-moment = write 20261224, or 20261224T090000
config-ical-yearly = only RRULE:FREQ=YEARLY on the event's own day is read: write each day as an event
config-ical-duration = write P1D
config-ical-last-day = write its last day
config-ical-exchange = exchange DTSTART and DTEND
