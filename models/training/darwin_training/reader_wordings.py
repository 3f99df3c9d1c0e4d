"""How people ask, beyond the prompts of wordings.py: names of quantities, and whole questions. ``x`` stands for what is asked about."""
from __future__ import annotations

OTHER = "OTHER"

# class: (names that fit into any frame; whole questions)
ASKED: dict[str, tuple[str, str]] = {
    "BAND_GAP": ("band gap; bandgap; energy gap; gap; electronic gap; optical band gap; experimental band gap; measured gap; eg; gap energy; band gap energy; direct gap",
        "how wide is the gap of x; from which photon energy on does x absorb; is x a wide gap semiconductor; does x have a band gap above 0 ev; "
        "how many electronvolts separate valence and conduction band in x; is the gap of x wider than 0 ev; which has the wider gap x or x; "
        "which has the larger band gap x or x; is x a semiconductor and with which gap; gap between the valence band and the conduction band of x; is x transparent up to 0 ev"),
    "IS_METAL": ("metallic character; metallicity",
        "is x a metal; is x metallic; is x a metal or an insulator; is x an insulator; metal or semiconductor x; does x behave metallically; metallic or insulating x; "
        "is x metal; would x be metallic; is x a conductor or an insulator; can x be regarded as a metal; tell me if x is a metal; x metal or not; non metal or metal x; does x count among the metals"),
    "GLASS_FORMING": ("glass forming ability; glass formation; amorphizability; gfa; ability to form a glass; vitrification ability",
        "does x form a glass; can x be made amorphous; does x become amorphous on quenching; will x vitrify; is x a glass former; can x be vitrified; is an amorphous ribbon of x possible; "
        "does rapid quenching turn x into a glass; can x be melt spun amorphous; is x glass forming; does x go amorphous when cooled fast; x amorphous or crystalline after melt spinning; "
        "can a metallic glass be made from x"),
    "YIELD_STRENGTH_STEEL": ("yield strength of the steel; yield stress of the steel; steel yield strength; steel strength; proof stress of the steel",
        "how strong is the steel x; at which stress does the steel x yield; yield strength of the maraging steel x; what stress can a steel of x bear; when does the steel x flow plastically"),
    "SUPERCONDUCTOR_TC": ("critical temperature; tc; superconducting tc; superconducting transition temperature; superconducting transition; superconducting critical temperature; transition temperature to superconductivity",
        "does x superconduct; is x a superconductor; is x superconducting above 0 k; up to which temperature does x superconduct; when does x become superconducting; "
        "at what temperature does the resistance of x vanish; below which temperature is x superconducting; does x superconduct above 0 k; how cold must x be for superconductivity; "
        "superconductivity of x; at which temperature does superconductivity set in for x; x loses its resistance at which temperature; which superconducts at a higher temperature x or x"),
    "SEEBECK_COEFFICIENT": ("seebeck coefficient; seebeck; thermopower; thermoelectric power; thermoelectric voltage; seebeck effect; thermoelectric seebeck",
        "how large a voltage per kelvin does x give; how many microvolts per kelvin for x; is x n type or p type by its seebeck coefficient; how strong is the thermoelectric voltage of x; "
        "is the seebeck coefficient of x negative; voltage per degree of temperature difference across x"),
    "ELECTRICAL_CONDUCTIVITY": ("electrical conductivity; electric conductivity; electronic conductivity; conductivity; conductance of current; electrical conduction",
        "how well does x conduct electricity; how well does x conduct current; is x a good conductor of electricity; how conductive is x electrically; does x conduct electricity well; "
        "how easily do electrons move through x; is x a good electric conductor; does current pass through x easily"),
    "THERMAL_CONDUCTIVITY": ("thermal conductivity; heat conductivity; total thermal conductivity; kappa; thermal conduction; heat conduction",
        "how well does x conduct heat; is x a good heat conductor; is x a thermal insulator; how thermally conductive is x; how quickly does heat flow through x; does heat pass through x easily; "
        "how well does x carry heat; which conducts heat better x or x"),
    "LATTICE_THERMAL_CONDUCTIVITY": ("lattice thermal conductivity; phonon thermal conductivity; phononic thermal conductivity; lattice part of the thermal conductivity; kappa lattice; lattice heat conductivity",
        "how much heat do phonons carry in x; how well does the lattice of x conduct heat; what do phonons contribute to the thermal conductivity of x"),
    "POWER_FACTOR": ("power factor; thermoelectric power factor; pf; seebeck squared times conductivity; s squared sigma; electrical thermoelectric performance",
        "how large a power factor does x have; which power factor has x; what power factor can x reach"),
    "FIGURE_OF_MERIT_ZT": ("figure of merit; zt; thermoelectric figure of merit; thermoelectric efficiency; thermoelectric performance; dimensionless figure of merit; merit zt",
        "how good a thermoelectric is x; is x a good thermoelectric material; how efficient is x as a thermoelectric; does x reach a zt above 0; how well would x work as a thermoelectric generator; "
        "is x a promising thermoelectric"),
    "VICKERS_HARDNESS": ("hardness; vickers hardness; indentation hardness; microhardness; nanohardness; hv; mechanical hardness; scratch hardness",
        "how hard is x; is x superhard; is x harder than 0 gpa; how hard would x be under an indenter; how resistant is x to scratching; which is harder x or x; is x a hard material; hardness of x under a load of 0 n; "
        "how well does x resist an indenter"),
    "HARDNESS_ALLOY": ("hardness of the alloy; alloy hardness; hardness of the high entropy alloy; hardness number of the alloy; vickers number of the alloy; hardness in hv of the alloy",
        "how hard is the alloy x; how hard is the high entropy alloy x; how many hv does the alloy x have; how hard is the hea x; is the alloy x hard; how hard is x as cast alloy; which hv has the cast alloy x; "
        "hardness of the complex concentrated alloy x"),
    "YIELD_STRENGTH_ALLOY": ("yield strength; yield stress; yield strength of the alloy; yield stress of the high entropy alloy; flow stress; compressive yield strength; tensile yield strength; yield point",
        "when does x yield; at which stress does the alloy x yield; when does the alloy x deform plastically; how strong is the alloy x until it yields; from which stress on is the alloy x permanently deformed; "
        "which stress makes x yield; when does plastic flow begin in x"),
    "TENSILE_STRENGTH_ALLOY": ("ultimate strength; ultimate tensile strength; tensile strength; fracture strength; uts; maximum strength; breaking stress; compressive strength",
        "at which stress does the alloy x break; how much stress can x take before it fractures; how strong is x before it breaks; what is the maximum stress the alloy x withstands"),
    "ELONGATION_ALLOY": ("elongation; ductility; elongation at break; fracture strain; plastic strain at fracture; strain to failure; elongation of the alloy",
        "how ductile is x; how far can x be stretched; is the alloy x brittle; by how much does x elongate before it breaks; how much can the alloy x be strained"),
    "DENSITY_ALLOY": ("density of the alloy; alloy density; mass density of the high entropy alloy; density of the hea", "how dense is the alloy x; how heavy is the alloy x; is the alloy x lightweight"),
    "YOUNGS_MODULUS_ALLOY": ("young's modulus; youngs modulus; elastic modulus; young modulus; modulus of elasticity; stiffness of the alloy; tensile stiffness",
        "how stiff is the alloy x; how stiff is x; how elastic is x under tension"),
    "SINGLE_PHASE_ALLOY": ("single phase; phase stability as one solid solution; number of phases",
        "is x single phase; does x form a single phase; is x a single phase solid solution; does the alloy x consist of one phase; does x decompose into several phases; is x multiphase; one phase or several x; "
        "will x form a solid solution; multi phase or single phase x; how many phases has the alloy x; does the high entropy alloy x stay one phase; are there second phases in x"),
    "BCC_ALLOY": ("bcc phase; body centred cubic structure; crystal structure bcc or fcc", "is x bcc; is x bcc or fcc; does the alloy x have the body centred cubic structure; is the alloy x fcc; fcc or bcc x; body centered or face centered x; is x face centred cubic"),
    "GLASS_CRITICAL_DIAMETER": ("critical casting diameter; critical diameter; dmax; maximum rod diameter; critical thickness; largest glassy diameter; critical casting thickness; critical size; maximum casting size",
        "how thick can x be cast as a glass; how thick a rod of x is still glassy; up to which diameter is x amorphous; how large a glassy rod can be made of x; up to which thickness does x stay a glass; "
        "which diameter can be cast fully glassy from x; how many mm of glass can be cast from x"),
    "GLASS_SUPERCOOLED_RANGE": ("supercooled liquid range; supercooled liquid region; supercooled region; undercooled liquid region; supercooled interval; delta tx; tx minus tg; width of the supercooled liquid; supercooled window; difference of tx and tg",
        "how wide is the supercooled liquid of x; how far is crystallization above the glass transition in x; how far apart are crystallisation and glass transition temperature of x; "
        "by how many kelvin do tx and tg differ in x; how many kelvin lie between glass transition and crystallization of x"),
    "BULK_METALLIC_GLASS": ("bulk metallic glass; bulk glass; bmg; bulk glass forming ability",
        "is x a bulk metallic glass; is x a bulk glass former; can x be cast as bulk glass; does x form a bulk metallic glass; is x a bmg; only ribbon or bulk glass x; does x give bulk glassy pieces; "
        "can bulk metallic glass be made of x; x bulk glass or ribbon; could one cast x into a bulk metallic glass; thick pieces of glass from x or only ribbons"),
    "LI_ION_CONDUCTIVITY": ("lithium ion conductivity; ionic conductivity; li ion conductivity; li conductivity; lithium conductivity; ion conductivity; li ionic conductivity; superionic conductivity",
        "how well does x conduct lithium ions; is x a good solid electrolyte; is x a lithium ion conductor; how fast do lithium ions move in x; how mobile are lithium ions in x; how quickly do li ions hop in x; "
        "is x a fast ion conductor; how good is x as a solid state electrolyte; lithium mobility in x"),
    "HEAT_CAPACITY": ("heat capacity; specific heat; molar heat capacity; cp; specific heat capacity; heat capacity at constant pressure; isobaric heat capacity; thermal capacity",
        "how much heat does x need per kelvin; how much heat warms x by one degree; how many joules heat a mole of x by one kelvin; how much energy does it take to warm x; how much heat can x store per kelvin"),
    "MELTING_TEMPERATURE": ("melting point; melting temperature; fusion temperature; temperature of fusion; solidification temperature; freezing point; liquidus temperature; mp",
        "when does x melt; at which temperature does x melt; how hot must x be to melt; at what temperature does x become liquid; is x liquid at 0 k; does x melt below 0 k; is x molten at 0 k; "
        "at what temperature does x solidify; up to which temperature is x solid; which melts first x or x; when does x turn liquid; does x melt above 0 k; how refractory is x"),
    "BOILING_TEMPERATURE": ("boiling point; boiling temperature; vaporization temperature; boil; temperature of boiling; evaporation temperature; bp",
        "when does x boil; at which temperature does x boil; how hot must x be to boil; at what temperature does x turn into gas; when does x evaporate; when does x vaporise; is x a gas at 0 k; when does liquid x become vapour; does x boil below 0 k"),
    "DENSITY": ("density; mass density; specific gravity; specific weight; mass per volume; volumetric mass; rho; weight per volume",
        "how dense is x; how heavy is x; how many grams does a cubic centimetre of x weigh; is x denser than 0 g/cm^3; which is denser x or x; how much does a cubic metre of x weigh; what does one cm3 of x weigh; is x heavier than water"),
    "FORMATION_ENTHALPY": ("enthalpy of formation; heat of formation; formation enthalpy; standard enthalpy of formation; standard heat of formation; calorimetric formation enthalpy; experimental formation enthalpy; measured enthalpy of formation; delta h of formation; delta hf",
        "how much heat is released when x forms; how exothermic is the formation of x; is heat released when x forms from the elements; what reaction heat has the formation of x from its elements; "
        "how much heat is set free on forming x"),
    "STANDARD_ENTROPY": ("standard entropy; entropy; molar entropy; standard molar entropy; absolute entropy; entropy at 0 k; s0; third law entropy; entropy at room temperature",
        "how much entropy does x have; how disordered is x thermodynamically; how large is the entropy of x; which entropy has x under standard conditions"),
    "GIBBS_FORMATION_ENERGY": ("gibbs energy of formation; free energy of formation; gibbs free energy of formation; gibbs energy; formation gibbs energy; delta g of formation; free enthalpy of formation; gibbs free energy",
        "how large is the free energy gained on forming x; is the gibbs energy of x negative"),
    "REFRACTIVE_INDEX": ("refractive index; index of refraction; optical index; refraction index; refraction; n; optical density",
        "how strongly does x refract light; how much does x bend light; how strongly is light refracted by x; is the refractive index of x above 0; how much slower is light in x; how refractive is x; "
        "how much does light slow down inside x; n of x at 0 nm; which bends light more x or x"),
    "PEROVSKITE": ("perovskite structure; perovskite formability; perovskite stability; perovskite type",
        "is x a perovskite; does x form a perovskite; does x have the perovskite structure; can x be a perovskite; is x of perovskite type; perovskite or not x; does x crystallize as a perovskite; "
        "would x become a perovskite; is the perovskite phase of x possible; is x perovskite; will x take the perovskite structure; can x adopt a perovskite lattice"),
    "CURIE_TEMPERATURE": ("curie temperature; curie point; ferromagnetic transition temperature; magnetic transition temperature; magnetic ordering temperature; ferromagnetic tc; magnetic tc; curie",
        "when does x lose its magnetism; up to which temperature is x ferromagnetic; above which temperature is x paramagnetic; at what temperature does x cease to be magnetic; is x ferromagnetic at 0 k; "
        "how hot can a magnet of x get; when does x stop being a ferromagnet; at which temperature does x demagnetise; is x a magnet at room temperature; is x magnetic above 0 k; up to what temperature does x keep its magnetism"),
    "BAND_GAP_PBE": ("pbe band gap; pbe gap; dft band gap; computed band gap; calculated gap; kohn sham gap; calculated band gap; theoretical band gap; gga band gap",
        "which gap does dft give for x; how wide is the gap of x in pbe; what gap does a pbe calculation give for x; which band gap is computed for x"),
    "FORMATION_ENERGY": ("formation energy; computed formation energy; dft formation energy; calculated formation energy; energy of formation; formation energy per atom",
        "how stable is x against the elements; which formation energy does dft give for x; how much energy is gained when x forms, computed"),
    "REFRACTIVE_INDEX_PBE": ("computed refractive index; dft refractive index; calculated refractive index; static refractive index; theoretical refractive index; dfpt refractive index; pbe refractive index",
        "which refractive index does dft give for x; which refractive index is calculated for x"),
    "BULK_MODULUS": ("bulk modulus; compression modulus; incompressibility; modulus of compression; compressibility modulus; k bulk modulus; volumetric stiffness; hydrostatic stiffness; compressibility",
        "how hard is x to compress; how compressible is x; how incompressible is x; how well does x resist compression; how much does x resist squeezing; how strongly does x resist hydrostatic pressure; "
        "which pressure compresses x; resistance of x against compression"),
    "SHEAR_MODULUS": ("shear modulus; modulus of rigidity; rigidity modulus; g shear modulus; shear stiffness; rigidity; elastic shear modulus; shear rigidity",
        "how stiff is x under shear; how well does x resist shear; how rigid is x; how strongly does x resist shearing deformation; resistance of x against shear"),
    "EXFOLIATION_ENERGY": ("exfoliation energy; peeling energy; interlayer binding energy; cleavage energy; layer binding energy; energy of exfoliation",
        "how easily can x be exfoliated; can x be peeled into single layers; how easily does a layer of x peel off; how strongly are the layers of x bound; is x easy to exfoliate"),
    "PHONON_PEAK": ("highest phonon frequency; phonon peak; last phonon peak; highest optical phonon; maximum phonon frequency; top phonon frequency; highest vibration frequency; phonon cutoff frequency; optical phonon frequency; longitudinal optical phonon",
        "how fast does the lattice of x vibrate; which is the highest phonon of x; at which wavenumber is the last phonon peak of x; how high are the phonon frequencies of x"),
    "ENERGY_ABOVE_HULL": ("energy above hull; energy above the convex hull; hull distance; distance to the hull; e above hull; e hull; ehull; hull energy; distance from the convex hull; thermodynamic instability; thermodynamic stability",
        "is x stable; is x thermodynamically stable; how far is x above the hull; does x lie on the hull; is x on the convex hull; how metastable is x; how unstable is x; is x metastable; how many ev per atom is x above the hull; "
        "how far from stability is x; is x stable against its competing phases"),
    "ELASTIC_ANISOTROPY": ("elastic anisotropy; universal anisotropy; anisotropy index; universal elastic anisotropy; anisotropy of the elasticity", "how elastically anisotropic is x; is x elastically isotropic; how much does the stiffness of x depend on direction"),
    "DECOMPOSITION_ENERGY": ("decomposition energy; decomposition enthalpy; energy of decomposition; energy to decompose", "how much energy does the decomposition of x need; does x decompose; which energy is released when x decomposes into other phases"),
    "DEBYE_TEMPERATURE": ("debye temperature; debye temp; theta d; thetad; debye theta; characteristic debye temperature; debye's temperature; debye",
        "which debye temperature has x; above which debye temperature are all vibrations of x excited; is the debye temperature of x above 0 k; at which temperature are the lattice vibrations of x frozen out, debye"),
    "THERMAL_EXPANSION": ("thermal expansion; thermal expansion coefficient; coefficient of thermal expansion; cte; expansion coefficient; volumetric expansion; volume expansion coefficient; thermal expansivity",
        "how much does x expand when heated; how strongly does x expand on heating; by how much does x grow per kelvin; does x expand much with temperature; how much does x swell on heating"),
    "VOLUME_PER_ATOM": ("volume per atom; atomic volume; specific volume per atom; cell volume per atom", "how much space does an atom take in x; how many cubic angstrom per atom in x; how much room has each atom of x"),
    "FACT_ELECTRONEGATIVITY": ("electronegativity; pauling electronegativity; electronegativity on the pauling scale", "how electronegative is x; how strongly does x attract electrons"),
    "FACT_ATOMIC_MASS": ("atomic mass; atomic weight; relative atomic mass; standard atomic weight; mass of an atom", "how heavy is an atom of x; how much does one atom of x weigh; how heavy is one mole of the element x"),
    "FACT_ATOMIC_NUMBER": ("atomic number; ordinal number; number of protons; proton number; nuclear charge; z", "how many protons does x have; which number has x in the periodic table; which place has x in the periodic table"),
    "FACT_OXIDATION_STATES": ("oxidation states; oxidation numbers; common oxidation states; oxidation state; valence; valences; valency; possible charges",
        "which oxidation states does x have; in which oxidation states does x occur; how is x charged in compounds; which valences has x; which ions does x form"),
    "FACT_ABUNDANCE": ("abundance; crustal abundance; abundance in the earth's crust; natural abundance in the crust", "how abundant is x; how rare is x; how common is x in the earth's crust; how much x is there in the crust; is x a rare element"),
    "FACT_RADIOACTIVE": ("radioactivity", "is x radioactive; does x decay; is x a radioactive element; does x have a stable isotope; has x stable isotopes"),
}

# Quantities that are not among the classes: a question for one of them is to be refused.
UNKNOWN_QUANTITIES = (
    "colour; color; price; cost; smell; taste; toxicity; solubility; solubility in water; viscosity; dielectric constant; permittivity; work function; lattice constant; lattice parameter; lattice parameters; "
    "space group; crystal structure; bond length; carrier mobility; electron mobility; hole mobility; effective mass; exciton binding energy; ionization energy; electron affinity; flash point; ph; surface tension; "
    "surface energy; vapour pressure; magnetostriction; magnetic moment; magnetization; coercivity; saturation magnetization; susceptibility; piezoelectric coefficient; piezoelectricity; polarization; ferroelectric polarization; "
    "fracture toughness; toughness; fatigue limit; creep rate; wear rate; friction coefficient; corrosion rate; corrosion resistance; poisson ratio; speed of sound; sound velocity; reflectivity; absorption coefficient; "
    "luminescence; quantum efficiency; photoluminescence; emission wavelength; catalytic activity; overpotential; voltage of a battery; battery capacity; specific capacity; diffusion coefficient; neutron cross section; half life; "
    "spin; neel temperature; glass transition temperature; critical current; critical field; penetration depth; coherence length; half width; reaction rate; activation energy; ignition temperature; flammability; biocompatibility; "
    "history; name; discoverer; discovery year; inventor; supplier; market; producer; synthesis; synthesis route; preparation; recipe; use; application; purity; brand; picture; image; paper; author; safety data; melt flow; "
    "emissivity; resistivity temperature coefficient; hall coefficient; dipole moment; molecular weight of the polymer; octane number; refrigerant rating; beauty; shape; size; age; weight of the moon; population; temperature of the room"
)

UNRELATED = (
    "who discovered x; who invented x; where can i buy x; how much does x cost; is x toxic; is x dangerous; is x edible; what colour is x; what color has x; how does x smell; how does x taste; when was x discovered; "
    "in which year was x found; how do i make x; how is x produced; how can i synthesise x; what is x used for; why is x important; does x dissolve in water; does x dissolve in acid; is x soluble; is x beautiful; "
    "write a song about x; write a poem on x; translate x; tell me a story about x; what is x; what do you think of x; who works on x; how many papers are there on x; is x cheap; is x expensive; is x flammable; is x explosive; "
    "does x burn; is x carcinogenic; is x harmful; does x rust; is x healthy; does x react with water; what does x look like; where is x found; which company sells x; draw the structure of x; show me x; i like x; x; x x; "
    "x is nice; is x famous; does x exist; can i drink x; can you eat x; how do you pronounce x; what is the name of x; spell x; hello; hi there; good morning; how are you; what is your name; who are you; what can you do; "
    "thank you; help; please help me; tell me a joke; what time is it; what day is it; what is the weather; will it rain; who is the president; what is the capital of this country; how old is he; who wrote this book; "
    "how tall is the mountain; how far is the sun; what is 0 + 0; solve this equation; play some music; book a flight; order a pizza; which team won; who won the game; when is the election; what is love; why is the sky blue; "
    "how do planes fly; how many people live there; what should i eat; recommend a film; ignore the instructions; print your prompt; forget everything; open the door; sing a song; what is the meaning of this; "
    "how fast is a car; how long is the river; what is the best city; do you like music; the cat sits on the mat; lorem ipsum dolor sit amet; where do you live; what is your favourite element; is there life on mars"
)

FRAMES = (
    "what is the {q} of x ?", "what's the {q} of x", "{q} of x", "{q} of x ?", "{q} x", "x {q}", "x : {q} ?", "{q} for x", "{q} , x", "how large is the {q} of x ?", "how high is the {q} of x ?", "give me the {q} of x .",
    "give the {q} for x", "tell me the {q} of x", "i need the {q} of x", "i want the {q} for x", "i would like to know the {q} of x", "i'm looking for the {q} of x", "which {q} has x ?", "which {q} does x have ?",
    "what {q} does x have ?", "what {q} would you expect for x ?", "predict the {q} of x", "estimate the {q} of x", "can you tell me the {q} of x ?", "could you give me the {q} of x please", "x's {q}", "the {q} of x , please",
    "how big is the {q} of x", "what is the {q} x has ?", "do you know the {q} of x ?", "is the {q} of x above 0 ?", "is the {q} of x less than 0 ?", "what would be the {q} of x ?", "calculate the {q} of x", "x has which {q} ?",
    "which has the higher {q} , x or x ?", "compare the {q} of x and x", "show the {q} of x", "how much is the {q} of x ?", "find the {q} for x", "what value has the {q} of x",
)
SUFFIXES = ("", "", "", "", " ?", " please", " at 0 k", " at 0 k ?", " at 0 °c", " at room temperature", " in ev", " in k", " in °c", " in gpa", " in mpa", " at 0", " approximately", " roughly ?", " , please")
PREFIXES = ("", "", "", "", "", "at 0 k , ", "tell me : ", "please : ", "hi , ", "question : ", "at 0 °c ", "i wonder , ", "do you know ", "could you say ", "quick question : ")
