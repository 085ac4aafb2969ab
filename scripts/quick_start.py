"""To be imported before whatever imports jsonschema (nbformat, JupyterLab): spares each start 0.8 s of processor time.

jsonschema looks for the package rfc3987-syntax, which builds the grammars of internationalised web addresses as soon as it
is imported. Only schemas with a format "iri" need it, and neither notebooks nor Jupyter's settings have any; jsonschema
does without it where it is missing.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # importing it fails, as if it were not installed
