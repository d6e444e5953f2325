"""XML that is read to its end before anything uses it: GDAL takes what stands before an error for all there is."""
from __future__ import annotations

from xml.parsers import expat


def mistake(path: str) -> str | None:
    """Where the file stops being XML, by the parser that GDAL has, or None."""
    try:
        with open(path, 'rb') as file:
            expat.ParserCreate().ParseFile(file)
    except (expat.ExpatError, ValueError) as error:
        return str(error)
    return None
