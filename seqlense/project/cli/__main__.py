"""python -m seqlense.project.cli"""

from seqlense.project.cli.entry import main

main()
