

# Графици и календари: вижте schedule-en.ftl.

title-RPA0322 = график, който не може да се изчисли
hint-RPA0322 = вижте `rpa schedule preview --help`

problem-schedule-zone = няма часова зона „{ $name }“
problem-schedule-calendar = няма календар „{ $name }“
problem-schedule-days = дните на графика не оставят нито един ден от седмицата
problem-schedule-period = период от { $ms } ms е твърде кратък
problem-schedule-none = графикът не назовава нито един момент
problem-cron-empty = изразът cron е празен
problem-cron-long = изразът cron е по-дълъг от { $most } знака
problem-cron-fields = изразът cron има 5 полета или 6, ако започва със секунди; този има { $count }
problem-cron-nickname = в изразите cron няма „{ $name }“
problem-cron-reboot = „@reboot“ не назовава момент
problem-cron-field = полето „{ $what }“ не може да се прочете: „{ $text }“
problem-cron-never = „{ $text }“ не назовава нито един ден

word-second = секунда
word-minute = минута
word-hour = час
word-day-of-month = ден от месеца
word-month = месец
word-day-of-week = ден от седмицата

advice-zone = напишете име на място, например Europe/Sofia, или UTC; timedatectl list-timezones ги показва
advice-zone-offset = напишете име на място, например Europe/Sofia: отместването му се променя; отместване, което никога не се променя, е Etc/GMT-2 – два часа пред UTC
advice-zone-none = на тази машина няма часови зони: инсталирайте пакета tzdata
advice-calendar-none = в rpad.toml няма календари: добавете календар с [calendars.NAME]
advice-calendar-near = имате предвид „{ $near }“? календари: { $list }
advice-calendar-add = добавете го в rpad.toml с [calendars.NAME]; календари: { $list }
advice-cron-example = напишете минута, час, ден, месец и ден от седмицата: "0 7 * * MON-FRI"
advice-cron-long = използвайте интервали и стъпки или няколко тригера
advice-cron-reboot = услуга на системния мениджър може да извика `rpa run` при стартиране
advice-cron-never = посочете ден, който го има в някой месец
advice-cron-upwards = интервалът върви нагоре; напишете { $ranges }
advice-cron-second = секундата е от 0 до 59, *, списък 0,30, интервал 10-20 или стъпка */15 или 10-50/5
advice-cron-minute = минутата е от 0 до 59, *, списък 0,30, интервал 10-20 или стъпка */15 или 10-50/5
advice-cron-hour = часът е от 0 до 23, *, списък 7,19, интервал 9-17 или стъпка */2 или 8-18/2
advice-cron-day = денят е от 1 до 31, *, списък 1,15, интервал 1-7, стъпка */2, L за последния ден, 15W за най-близкия делничен или LW за последния делничен
advice-cron-month = месецът е от 1 до 12 или от JAN до DEC, *, списък, интервал MAY-SEP или стъпка */3
advice-cron-weekday = денят е от 0 до 7 (0 и 7 са неделя) или от SUN до SAT, *, списък, интервал MON-FRI, MON#2 за втория понеделник или FRIL за последния петък
advice-schedule-days = махнете един от изключените дни
advice-schedule-period = напишете поне 1s
advice-schedule-moment = напишете поне един момент: ["2027-01-31 09:00"]

config-calendar-name = „{ $name }“ не може да е име на календар
config-calendar-built-in = календарът „{ $name }“ го има и така
config-calendar-empty = не назовава нито един ден
config-calendar-weekday = „{ $text }“ не е ден от седмицата
config-calendar-date = „{ $text }“ не е дата
config-calendar-backwards = „{ $text }“ свършва, преди да започне
config-calendar-entries = има { $count } записа; четат се най-много { $most }
config-calendar-utf8 = не е в UTF-8
config-ical-line = не е ред от файл iCalendar
config-ical-long = редът е по-дълъг от { $most } байта
config-ical-begin = BEGIN:{ $name } няма END
config-ical-end = END:{ $name } е без своя BEGIN
config-ical-value = { $name } „{ $value }“ не може да се прочете
config-ical-rule = RRULE „{ $rule }“ не се чете
config-ical-property = { $name } не се чете
config-ical-other-day = RRULE назовава друг ден, а не този на DTSTART
config-ical-no-start = събитието няма DTSTART
config-ical-too-long = събитието е твърде дълго
config-ical-backwards = събитието свършва, преди да започне
config-write-calendar = напишете [calendars.NAME] на отделен ред
config-calendar-characters = използвайте до 64 малки латински букви, цифри, - и _
config-calendar-other-name = изберете друго име
config-calendar-keys = напишете под него days, dates или file
config-calendar-in-file = календарите са само във файла
config-calendar-weekdays = напишете mon, tue, wed, thu, fri, sat или sun
config-calendar-write-date = напишете дата като 2026-12-24 или дни като 2026-12-31..2027-01-02
config-calendar-earlier = напишете първо по-ранния ден
config-calendar-years = оставете само годините, които предстоят
config-calendar-save-utf8 = запишете го в UTF-8
config-calendar-readable = демонът трябва да може да го чете; посочете друг файл или поправете този
config-ical-name-value = всеки ред е NAME:VALUE или продължава след празно място
config-ical-damaged-line = това не е календар или е повреден
config-ical-cut = файлът е отрязан: вземете го отново
config-ical-damaged = файлът е повреден: вземете го отново
config-ical-moment = напишете 20261224 или 20261224T090000
config-ical-yearly = чете се само RRULE:FREQ=YEARLY в деня на самото събитие: напишете всеки ден като събитие
config-ical-duration = напишете P1D
config-ical-last-day = напишете последния му ден
config-ical-exchange = разменете DTSTART и DTEND
