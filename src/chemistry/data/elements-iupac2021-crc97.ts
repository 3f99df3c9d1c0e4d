/**
 * The 118 elements, one per line:
 *   symbol | name | atomic mass | electronegativity | common oxidation states | all known ones | crustal abundance
 *
 * - atomic mass, g/mol: standard atomic weights, conventional where IUPAC gives an interval (Prohaska et al., Pure Appl. Chem. 94,
 *   573 (2022), doi:10.1515/pac-2019-0603); for elements without a stable isotope the mass number of the longest-lived
 *   one, in brackets, as in the IUPAC periodic table of 2022-05-04.
 * - electronegativity: Pauling scale as revised by Allred (J. Inorg. Nucl. Chem. 17, 215 (1961); Pb and Tl for their states +2 and
 *   +1), Kr, Xe, Rn, the lanthanoids and the actinoids from the later values in common use; empty where none is assigned.
 * - oxidation states: Greenwood and Earnshaw, Chemistry of the Elements, 2nd ed. (1997), p. 28, with later findings as in Wikipedia's "List of
 *   oxidation states of the elements"; the common ones are those that the book prints in bold.
 * - abundance in the Earth's crust, mg/kg: CRC Handbook, 97th ed., section 14; empty where there is none to speak of.
 */
export const ELEMENT_TABLE = `
H|Hydrogen|1.008|2.20|-1 1|-1 1|1400
He|Helium|4.002602||||0.008
Li|Lithium|6.94|0.98|1|1|20
Be|Beryllium|9.0121831|1.57|2|1 2|2.8
B|Boron|10.81|2.04|3|-5 -1 1 2 3|10
C|Carbon|12.011|2.55|-4 4|-4 -3 -2 -1 1 2 3 4|200
N|Nitrogen|14.007|3.04|-3 3 5|-3 -2 -1 1 2 3 4 5|19
O|Oxygen|15.999|3.44|-2|-2 -1 1 2|461000
F|Fluorine|18.998403162|3.98|-1|-1|585
Ne|Neon|20.1797||||0.005
Na|Sodium|22.98976928|0.93|1|-1 1|23600
Mg|Magnesium|24.305|1.31|2|1 2|23300
Al|Aluminium|26.9815384|1.61|3|-2 -1 1 2 3|82300
Si|Silicon|28.085|1.90|-4 4|-4 -3 -2 -1 1 2 3 4|282000
P|Phosphorus|30.973761998|2.19|-3 3 5|-3 -2 -1 1 2 3 4 5|1050
S|Sulfur|32.06|2.58|-2 2 4 6|-2 -1 1 2 3 4 5 6|350
Cl|Chlorine|35.45|3.16|-1 1 3 5 7|-1 1 2 3 4 5 6 7|145
Ar|Argon|39.95||||3.5
K|Potassium|39.0983|0.82|1|-1 1|20900
Ca|Calcium|40.078|1.00|2|1 2|41500
Sc|Scandium|44.955907|1.36|3|1 2 3|22
Ti|Titanium|47.867|1.54|4|-2 -1 1 2 3 4|5650
V|Vanadium|50.9415|1.63|5|-3 -1 1 2 3 4 5|120
Cr|Chromium|51.9961|1.66|3 6|-4 -2 -1 1 2 3 4 5 6|102
Mn|Manganese|54.938043|1.55|2 4 7|-3 -2 -1 1 2 3 4 5 6 7|950
Fe|Iron|55.845|1.83|2 3|-4 -2 -1 1 2 3 4 5 6 7|56300
Co|Cobalt|58.933194|1.88|2 3|-3 -1 1 2 3 4 5|25
Ni|Nickel|58.6934|1.91|2|-2 -1 1 2 3 4|84
Cu|Copper|63.546|1.90|2|-2 1 2 3 4|60
Zn|Zinc|65.38|1.65|2|-2 1 2|70
Ga|Gallium|69.723|1.81|3|-5 -4 -2 -1 1 2 3|19
Ge|Germanium|72.630|2.01|-4 2 4|-4 -3 -2 -1 1 2 3 4|1.5
As|Arsenic|74.921595|2.18|-3 3 5|-3 -2 -1 1 2 3 4 5|1.8
Se|Selenium|78.971|2.55|-2 2 4 6|-2 -1 1 2 3 4 5 6|0.05
Br|Bromine|79.904|2.96|-1 1 3 5|-1 1 3 4 5 7|2.4
Kr|Krypton|83.798|3.00||1 2|0.0001
Rb|Rubidium|85.4678|0.82|1|-1 1|90
Sr|Strontium|87.62|0.95|2|1 2|370
Y|Yttrium|88.905838|1.22|3|1 2 3|33
Zr|Zirconium|91.224|1.33|4|-2 1 2 3 4|165
Nb|Niobium|92.90637|1.60|5|-3 -1 1 2 3 4 5|20
Mo|Molybdenum|95.95|2.16|4 6|-4 -2 -1 1 2 3 4 5 6|1.2
Tc|Technetium|[97]|1.90|4 7|-3 -1 1 2 3 4 5 6 7|
Ru|Ruthenium|101.07|2.20|3 4|-4 -2 1 2 3 4 5 6 7 8|0.001
Rh|Rhodium|102.90549|2.28|3|-3 -1 1 2 3 4 5 6|0.001
Pd|Palladium|106.42|2.20|2 4|1 2 3 4|0.015
Ag|Silver|107.8682|1.93|1|-2 -1 1 2 3|0.075
Cd|Cadmium|112.414|1.69|2|-2 1 2|0.15
In|Indium|114.818|1.78|3|-5 -2 -1 1 2 3|0.25
Sn|Tin|118.710|1.96|-4 2 4|-4 -3 -2 -1 1 2 3 4|2.3
Sb|Antimony|121.760|2.05|-3 3 5|-3 -2 -1 1 2 3 4 5|0.2
Te|Tellurium|127.60|2.10|-2 2 4 6|-2 -1 1 2 3 4 5 6|0.001
I|Iodine|126.90447|2.66|-1 1 3 5 7|-1 1 3 4 5 6 7|0.45
Xe|Xenon|131.293|2.60||2 4 6 8|0.00003
Cs|Caesium|132.90545196|0.79|1|-1 1|3
Ba|Barium|137.327|0.89|2|1 2|425
La|Lanthanum|138.90547|1.10|3|1 2 3|39
Ce|Cerium|140.116|1.12|3 4|2 3 4|66.5
Pr|Praseodymium|140.90766|1.13|3|2 3 4 5|9.2
Nd|Neodymium|144.242|1.14|3|2 3 4|41.5
Pm|Promethium|[145]|1.13|3|2 3|
Sm|Samarium|150.36|1.17|3|2 3|7.05
Eu|Europium|151.964|1.20|2 3|2 3|2
Gd|Gadolinium|157.25|1.20|3|1 2 3|6.2
Tb|Terbium|158.925354|1.10|3|1 2 3 4|1.2
Dy|Dysprosium|162.500|1.22|3|2 3 4|5.2
Ho|Holmium|164.930329|1.23|3|2 3|1.3
Er|Erbium|167.259|1.24|3|2 3|3.5
Tm|Thulium|168.934219|1.25|3|2 3|0.52
Yb|Ytterbium|173.045|1.10|3|2 3|3.2
Lu|Lutetium|174.9668|1.27|3|2 3|0.8
Hf|Hafnium|178.486|1.30|4|-2 1 2 3 4|3
Ta|Tantalum|180.94788|1.50|5|-3 -1 1 2 3 4 5|2
W|Tungsten|183.84|2.36|4 6|-4 -2 -1 1 2 3 4 5 6|1.25
Re|Rhenium|186.207|1.90|4|-3 -1 1 2 3 4 5 6 7|0.0007
Os|Osmium|190.23|2.20|4|-4 -2 -1 1 2 3 4 5 6 7 8|0.0015
Ir|Iridium|192.217|2.20|3 4|-3 -1 1 2 3 4 5 6 7 8 9|0.001
Pt|Platinum|195.084|2.28|2 4|-3 -2 -1 1 2 3 4 5 6|0.005
Au|Gold|196.966570|2.54|3|-3 -2 -1 1 2 3 5|0.004
Hg|Mercury|200.592|2.00|1 2|-2 1 2|0.085
Tl|Thallium|204.38|1.62|1 3|-5 -2 -1 1 2 3|0.85
Pb|Lead|207.2|1.87|2 4|-4 -2 -1 1 2 3 4|14
Bi|Bismuth|208.98040|2.02|3|-3 -2 -1 1 2 3 4 5|0.0085
Po|Polonium|[209]|2.00|-2 2 4|-2 2 4 5 6|2e-10
At|Astatine|[210]|2.20|-1 1|-1 1 3 5 7|
Rn|Radon|[222]|2.20||2 6|4e-13
Fr|Francium|[223]|0.70|1|1|
Ra|Radium|[226]|0.90|2|2|9e-7
Ac|Actinium|[227]|1.10|3|2 3|5.5e-10
Th|Thorium|232.0377|1.30|4|-1 1 2 3 4|9.6
Pa|Protactinium|231.03588|1.50|5|2 3 4 5|0.0000014
U|Uranium|238.02891|1.38|6|-1 1 2 3 4 5 6|2.7
Np|Neptunium|[237]|1.36|5|2 3 4 5 6 7|
Pu|Plutonium|[244]|1.28|4|2 3 4 5 6 7 8|
Am|Americium|[243]|1.13|3|2 3 4 5 6 7|
Cm|Curium|[247]|1.28|3|3 4 5 6|
Bk|Berkelium|[247]|1.30|3|2 3 4 5|
Cf|Californium|[251]|1.30|3|2 3 4 5|
Es|Einsteinium|[252]|1.30|3|2 3 4|
Fm|Fermium|[257]|1.30|3|2 3|
Md|Mendelevium|[258]|1.30|3|2 3|
No|Nobelium|[259]|1.30|2|2 3|
Lr|Lawrencium|[262]|1.30|3|3|
Rf|Rutherfordium|[267]||4|3 4|
Db|Dubnium|[268]||5|5|
Sg|Seaborgium|[269]||6|6|
Bh|Bohrium|[270]||7|7|
Hs|Hassium|[269]||8|8|
Mt|Meitnerium|[277]||||
Ds|Darmstadtium|[281]||||
Rg|Roentgenium|[282]||||
Cn|Copernicium|[285]||2|2|
Nh|Nihonium|[286]||||
Fl|Flerovium|[290]||||
Mc|Moscovium|[290]||||
Lv|Livermorium|[293]||||
Ts|Tennessine|[294]||||
Og|Oganesson|[294]||||
`;
