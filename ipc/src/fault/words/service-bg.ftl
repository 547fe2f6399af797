
# Системният мениджър и `rpad install`.

given-name = подаден е сокет с име { $name }; името може да е rpad или http
given-nameless = подаден сокет няма име; то е rpad или http
given-twice = подадени са два сокета с име { $name }
given-many = подадени са повече от { $most } сокета
given-unusable = подаденият сокет { $name } не може да се използва: { $error }
given-deaf = подаденият сокет { $name } не слуша
users-partial = процесът е в потребителско пространство, в което не са всички потребители: { $map }
runner-not-there = за { $path } не отговаря изпълнител, а според runner.start друг трябва да го пусне
hint-runner-unit = systemctl status rpad-runner казва защо; без тази услуга задайте runner.start = true
log-stays = записваното в журнала не може да се промени: { $error }
install-private = { $path } е там, където услугата на демона няма достъп: домашните и временните директории са скрити за нея
hint-install-private = install -m 755 rpad rpa rpa-tui /usr/local/bin, след това /usr/local/bin/rpad install --system
install-unnameable = пътят на програмата не може да се запише в услуга: { $path }
hint-install-unnameable = сложете я на път само с букви, цифри, / . _ - и +
install-failed = { $path } не може да се запише: { $error }
install-unremoved = { $path } не може да се изтрие: { $error }
install-unread = { $path } не може да се прочете: { $error }
hint-install-root = като root: sudo rpad install --system; или само за вас: rpad install --user
hint-install-own = трябва да е ваша директория
install-new = нов        { $path }
install-same = същият     { $path }
install-newer = заменен    { $path }
install-kept = запазен    { $path }: променян е на ръка; новият е { $beside }
install-forced = заменен    { $path }: променян е на ръка; какъвто беше, е в { $beside }
install-left = запазен    { $path }: променян е на ръка; --force го изтрива
install-gone = изтрит     { $path }
install-dry = нищо не е записано: --dry-run
install-next = След това:
install-shadows = услугите от пакета на Debian са в { $path }: записаните тук имат предимство
install-what-stays = остават: състоянието, настройките и потребителят rpad
install-what-stays-user = остават: състоянието и настройките

title-RPA0214 = подаден сокет не може да се използва
hint-RPA0214 = вижте FileDescriptorName= и ListenStream= в услугата .socket

title-RPA0215 = външните потребители не могат да се различат
hint-RPA0215 = махнете PrivateUsers= от услугата; вижте rpa explain RPA0215
