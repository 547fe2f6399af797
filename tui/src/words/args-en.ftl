# The arguments of the commands of rpa in the forms of the palette: arg-COMMAND-NAME, or
# arg-NAME where it is the same for several. English is what the help of rpa says.

