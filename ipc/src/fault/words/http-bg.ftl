# HTTP сървърът и уебхуковете, на български: вижте http-en.ftl.

title-RPA0210 = адресът на HTTP сървъра е зает
hint-RPA0210 = спрете това, което слуша там, или посочете друг адрес в http.listen

title-RPA0548 = пътят на уебхука е зает
hint-RPA0548 = дайте му друг път или махнете другия тригер

http-not-public = http.listen { $address }: други машини биха го достигнали
hint-http-public = слушайте на 127.0.0.1 и сложете отпред прокси с TLS или напишете http.public = true
address-taken = не може да се слуша на { $address }: друг процес го прави
hint-address-taken = `ss -ltnp sport = :{ $port }` показва кой; спрете го или посочете друг адрес в http.listen
address-unusable = не може да се слуша на { $address }: { $error }
hint-address-unusable = посочете в http.listen адрес на тази машина, с порт над 1023
hint-other-http-socket = посочете друг сокет с http.socket в rpad.toml
hint-stop-or-other-http-socket = спрете го или посочете друг сокет с http.socket в rpad.toml
caller-denied = това не може да се иска по HTTP

config-no-address = „{ $text }“ не е адрес с порт
config-no-mode = „{ $text }“ не е режим на достъп до сокет


## Какво казва за себе си един уебхук

webhook-path-taken = тригерът { $trigger } на { $workflow } иска пътя { $path }, а той е на тригера { $other } на { $by }
hint-webhook-path-taken = дайте му друг път или махнете тригера от { $by }
webhook-path-lost = пътят му { $path } е на тригера { $trigger } на { $workflow }
webhook-secret-missing = няма тайна { $name }
webhook-secret-unreadable = тайната { $name } не може да се прочете: { $error }
webhook-secret-empty = тайната { $name } е празна
webhook-secret-base64 = тайната { $name } не е whsec_ и Base64, както иска Standard Webhooks
webhook-no-header = заявка без { $header }
webhook-bad-header = заявка, чието { $header } не може да се прочете
webhook-too-old = заявка, подписана преди { $seconds } сек.
webhook-too-new = заявка, подписана { $seconds } сек. напред спрямо този часовник
webhook-bad-signature = заявка, която не е подписана с никоя от тайните му
