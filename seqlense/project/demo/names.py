"""Names of people and companies, French and English mostly, as they come in a customer list."""

import random
import unicodedata
from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FRENCH_FIRST: Final = _words(
    """
    Adèle Agathe Amandine Anaïs Antoine Arthur Aurélie Baptiste Benoît Camille Capucine Céline Charlotte
    Chloé Clément Constance Damien Édouard Élise Éloïse Émile Étienne Fabien Florence Gaëlle Gaspard
    Geneviève Guillaume Hélène Hugo Inès Jade Jean-Baptiste Jérôme Joséphine Julien Justine Karim Laure
    Léa Léonie Loïc Lucie Maëlys Manon Marc-Antoine Margaux Mathilde Maxime Mehdi Nadia Nathalie Noémie
    Océane Olivier Pauline Philippe Quentin Raphaël Romane Samir Sébastien Solène Sophie Sylvie Théo
    Thomas Valentine Victor Yasmine Yves Zoé
    """
)
FRENCH_LAST: Final = _words(
    """
    Allard Aubert Barbier Beaumont Bénard Berger Blanchet Bonnet Boucher Bourgeois Caron Chevalier
    Collet Cordier Delacroix Delaunay Deschamps Diallo Dumas Dupont Fabre Faure Ferrand Fontaine
    Fournier Garnier Gauthier Girard Guérin Guillot Haddad Hervé Jacquet Joly Lambert Laurent Leblanc
    Lefèvre Legrand Lemaire Lévêque Maillard Marchand Mercier Meunier Millet Morel Moulin N'Diaye Nguyen
    Noël Oliveira Perrin Picard Poirier Prévost Renard Rivière Robin Rousseau Roux Royer Schmitt Tessier
    Thibault Vasseur Vidal Weber
    """
)
ENGLISH_FIRST: Final = _words(
    """
    Aisling Amelia Anil Beatrice Callum Catherine Daniel Declan Eilidh Eleanor Fergus Fiona George
    Gráinne Harriet Imogen Isla Jack James Joan Kavita Kieran Laura Liam Lucy Maeve Malcolm Margaret
    Matthew Nadia Niamh Oliver Orla Owen Patrick Poppy Priya Rhys Rosalind Ruth Samuel Sean Sinéad
    Stephen Tariq Tess Victoria William Yusuf
    """
)
ENGLISH_LAST: Final = _words(
    """
    Abbott Ahmed Atkinson Barlow Begum Brennan Byrne Campbell Carver Chowdhury Clarke Collins Connolly
    Cooper Davies Doyle Ellis Evans Fletcher Gallagher Grant Hughes Hussain Irving Jenkins Kaur Kelly
    Lawson Lynch MacDonald Marsh Mistry Morgan Murphy Nolan O'Brien O'Sullivan Okafor Osborne Parker
    Patel Quinn Reid Rowe Shah Sinclair Stewart Sutton Thompson Walsh Whitaker Wood Yates
    """
)
UNUSUAL: Final = (
    "Šárka Němcová",
    "Łukasz Wiśniewski",
    "Ελένη Παπαδοπούλου",
    "ليلى الخوري",
    "Nuria Fernández-Castañeda y Álvarez de la Torre",
    "佐藤 由美",
    "Zoë 🌻 Verhaeghe",
    "Jean-Christophe-Emmanuel de la Rochefoucauld-Montbel",
)

FRENCH_COMPANIES: Final = (
    "Atelier Boréal",
    "Cabinet Meunier & Associés",
    "Librairie des Remparts",
    "Menuiserie du Val",
    "Société lyonnaise de textile",
    "Pharmacie de la Halle",
    "Les Jardins de Sienne",
    "Imprimerie Caractère",
    "Transports Guérin",
    "Notaires du Vieux-Port",
    "Fromagerie des Trois Sources",
    "Bureau d'études Granit",
    "Clinique vétérinaire du Parc",
    "École de musique Arpège",
    "Coopérative Le Sillon",
    "Hôtel des Glycines",
    "Expertise comptable Lemaire",
    "Ateliers navals d'Armor",
    "Éditions du Phare",
    "Traiteur Safran",
)
ENGLISH_COMPANIES: Final = (
    "Harbour & Pine Architects",
    "Kestrel Analytics",
    "Marlow Dental Care",
    "Nolan Brothers Joinery",
    "Old Mill Bakery",
    "Penrose Translation",
    "Quayside Logistics",
    "Rowan Tree Nurseries",
    "Sinclair Family Law",
    "Thornbury Instruments",
    "Two Rivers Cycling",
    "Whitaker Acoustics",
    "Yarrow Health Records",
    "Brennan Crane Hire",
)
COMPANIES: Final = FRENCH_COMPANIES + ENGLISH_COMPANIES


def called(random: random.Random, language: str) -> str:
    """Somebody's name. One in forty is less usual."""
    if random.random() < 1 / 40:
        return random.choice(UNUSUAL)
    first, last = (FRENCH_FIRST, FRENCH_LAST) if language == "fr" else (ENGLISH_FIRST, ENGLISH_LAST)
    return f"{random.choice(first)} {random.choice(last)}"


def ascii_of(text: str) -> str:
    """As it would stand in an address: letters and hyphens; nothing for scripts that don't decompose."""
    plain = unicodedata.normalize("NFD", text.casefold()).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in plain.replace("'", "")).split())
