# The HTTP server and webhooks, in English: see en.ftl.

title-RPA0210 = the address of the HTTP server is taken
hint-RPA0210 = end what listens there, or name another address in http.listen

title-RPA0548 = a path of a webhook is taken
hint-RPA0548 = give it another path, or take the other trigger out

http-not-public = http.listen { $address }: other machines would reach it
hint-http-public = listen on 127.0.0.1 and put a proxy with TLS before it, or say http.public = true
address-taken = cannot listen at { $address }: another process does
hint-address-taken = `ss -ltnp sport = :{ $port }` says which; end it, or name another address in http.listen
address-unusable = cannot listen at { $address }: { $error }
hint-address-unusable = name an address of this machine in http.listen, with a port above 1023
hint-other-http-socket = name another socket in http.socket of rpad.toml
hint-stop-or-other-http-socket = stop it, or name another socket in http.socket of rpad.toml
caller-denied = this may not be asked over HTTP

config-no-address = "{ $text }" is no address with a port
config-no-mode = "{ $text }" is no mode of a socket


## What a webhook says of itself

webhook-path-taken = trigger { $trigger } of { $workflow } wants the path { $path }, which trigger { $other } of { $by } has
hint-webhook-path-taken = give it another path, or take the trigger out of { $by }
webhook-path-lost = its path { $path } is that of trigger { $trigger } of { $workflow }
webhook-secret-missing = there is no secret { $name }
webhook-secret-unreadable = the secret { $name } cannot be read: { $error }
webhook-secret-empty = the secret { $name } is empty
webhook-secret-base64 = the secret { $name } is not whsec_ and Base64, as Standard Webhooks has it
webhook-no-header = a request without one { $header }
webhook-bad-header = a request whose { $header } cannot be read
webhook-too-old = a request that was signed { $seconds } s ago
webhook-too-new = a request that was signed { $seconds } s ahead of this clock
webhook-bad-signature = a request that was signed with none of its secrets
