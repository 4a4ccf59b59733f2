"""Languages of texts, as PostgreSQL's full text search knows them."""

# The configurations that all of PostgreSQL 15 to 18 ship, by ISO 639-1 code.
CONFIGURATIONS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}


def search_config(language: str | None) -> str:
    """The text search configuration for a language tag of BCP 47 (`de`, `pt-BR`) or `pt_BR`.

    No language means english; one that PostgreSQL has no stemmer for means simple.
    """
    if not language:
        return "english"
    primary = language.replace("_", "-").partition("-")[0].lower()
    return CONFIGURATIONS.get(primary, "simple")
