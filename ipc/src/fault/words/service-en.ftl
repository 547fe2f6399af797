
# The service manager, and `rpad install`.

given-name = a socket that was handed over is called { $name }; it may be called rpad or http
given-nameless = a socket that was handed over has no name; it is called rpad or http
given-twice = two sockets that were handed over are called { $name }
given-many = more than { $most } sockets were handed over
given-unusable = the socket { $name } that was handed over cannot be used: { $error }
given-deaf = the socket { $name } that was handed over does not listen
users-partial = this process is in a user namespace that has not all users: { $map }
runner-not-there = no runner answers for { $path }, and runner.start says that it is somebody else's to start one
hint-runner-unit = systemctl status rpad-runner says why; without that unit set runner.start = true
log-stays = what is logged cannot be changed: { $error }
install-private = { $path } lies where the daemon's unit cannot go: it is closed off from home directories and temporary ones
hint-install-private = install -m 755 rpad rpa rpa-tui /usr/local/bin, then /usr/local/bin/rpad install --system
install-unnameable = the path of this program cannot be written into a unit: { $path }
hint-install-unnameable = put it where the path has letters, digits, / . _ - and + alone
install-failed = { $path } cannot be written: { $error }
install-unremoved = { $path } cannot be removed: { $error }
install-unread = { $path } cannot be read: { $error }
hint-install-root = as root: sudo rpad install --system; or for yourself: rpad install --user
hint-install-own = it must be a directory of yours
install-new = new        { $path }
install-same = as it was  { $path }
install-newer = replaced   { $path }
install-kept = kept       { $path }: it was changed by hand; the new one is { $beside }
install-forced = replaced   { $path }: it was changed by hand; what it was is in { $beside }
install-left = kept       { $path }: it was changed by hand; --force removes it
install-gone = removed    { $path }
install-dry = nothing was written: --dry-run
install-next = Then:
install-shadows = the units of the Debian package are in { $path }: those that are written here go before them
install-what-stays = what stays: the state, the settings and the user rpad
install-what-stays-user = what stays: the state and the settings

title-RPA0214 = a socket that was handed over cannot be used
hint-RPA0214 = see the FileDescriptorName= and ListenStream= of the .socket unit

title-RPA0215 = users outside cannot be told apart
hint-RPA0215 = leave PrivateUsers= out of the unit; see rpa explain RPA0215
