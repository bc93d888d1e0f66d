"""How far it has got: indicators, attainment, publications, pages."""
