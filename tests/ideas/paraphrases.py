"""Ideas of the demo campaign, as somebody would suggest them again who writes in the other language and has not read them.

Written before anything was measured on them. The first of each pair is the idea's file in campaign/demo/content/ideas.
"""

# Typed in French; the idea is in English.
INTO_ENGLISH = [
    ("beans-by-weight", "Acheter son café en grains au poids, dans sa propre boîte"),
    ("borrowed-umbrellas", "Prêter des parapluies les jours de pluie"),
    ("caffeine-label", "Indiquer la quantité de caféine de chaque boisson"),
    ("childrens-step", "Un marchepied pour que les petits puissent passer commande eux-mêmes"),
    ("cold-brew-bottle", "Du café glacé à la pression dans une bouteille en verre réutilisable"),
    ("farm-wall", "Une carte murale des plantations d’où vient notre café"),
    ("grower-price", "Afficher sur le paquet combien le producteur a été payé"),
    ("last-pastries", "Vendre les viennoiseries invendues moins cher en fin de journée"),
    ("oat-no-extra", "Ne plus faire payer de supplément pour le lait d’avoine"),
    ("night-shift-corner", "Un coin calme et sombre pour ceux qui ont travaillé la nuit"),
]

# Typed in English; the idea is in French.
INTO_FRENCH = [
    ("arceau-velo-cargo", "Parking for cargo bikes in front of the shop"),
    ("cafe-suspendu", "Buy a coffee in advance for a stranger who can’t afford one"),
    ("cafetieres-italiennes", "A monthly repair workshop for moka pots"),
    ("comptoir-fauteuil", "A lower counter for people in wheelchairs"),
    ("decafeine-soigne", "A decaf that tastes as good as the other coffees"),
    ("devoirs-au-chaud", "Help with homework for children after school"),
    ("heure-calme", "A quiet hour without music every week"),
    ("langue-des-signes", "Let deaf customers order in sign language"),
    ("marc-jardin", "Give the used coffee grounds to neighbourhood gardeners"),
    ("table-a-langer", "A baby changing table that fathers can use too"),
]

PARAPHRASES = INTO_ENGLISH + INTO_FRENCH
