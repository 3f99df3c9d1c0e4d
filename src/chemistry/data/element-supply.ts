/**
 * What a kilogram of each element costs, in USD, to one significant digit: prices of 2017–2020 as gathered from exchanges and the Mineral
 * Commodity Summaries of the U.S. Geological Survey in Wikipedia's "Prices of chemical elements". For the form that most of it is
 * traded in (metal of about 99 %, gas), reckoned per kilogram of the element: boron as boric acid, fluorine as hydrofluoric acid,
 * barium as barite, carbon as anthracite, vanadium as pentoxide, thorium and uranium as oxides. Ne, Kr, Xe and Tm are of 1999–2003.
 *
 * Prices move by a factor of two within years, purity and form by more: good for orders of magnitude. What is not here is not on any market.
 */
export const PRICES = `
0.1|C N O S Cl
0.3|Ba
0.4|Fe
0.9|Ar
1|H As
2|F Mg Al Si Ca Mn Pb
3|Na P Zn Cd
4|B Br
5|La Ce
6|Cu Sb Bi
7|Sr
9|Cr
10|K Ti Ni Sm
20|He Se Sn Yb
30|Co Y Eu Gd Er Hg
40|Zr Mo I W
50|V
60|Te Nd Ho
70|Nb
80|Li
100|Ga Pr U
200|Ne In
300|Kr Dy Ta Th
500|Ag
600|Lu
700|Tb
900|Be Hf
1000|Ge
2000|Xe
3000|Sc Tm
4000|Re Tl
10000|Ru Os
20000|Rb
30000|Pt
40000|Au
50000|Pd
60000|Cs Ir
100000|Rh
`;

/**
 * Elements that public bodies hold dangerous to health as such and in whatever inorganic compound, so that a composition alone says it:
 * - restricted in electrical equipment (Directive 2011/65/EU, RoHS, Annex II): Cd, Hg, Pb;
 * - "carcinogenic to humans" (IARC Group 1, Monographs vol. 100C, 2012) as element and compounds alike: As, Be, Cd;
 * - fatal if swallowed or inhaled, as element and, but for named exceptions, as the group of its compounds (Regulation (EC)
 *   1272/2008, CLP, Annex VI, table 3): Be, Hg, Tl, U.
 *
 * Left out is what depends on the state or the compound: Cr (VI alone), Ni (its compounds, hardly the metal), Ba, Sb, Se, Co, Os, cyanides.
 * So no safety assessment: what passes may well be poisonous.
 */
export const TOXIC = 'Be As Cd Hg Tl Pb U';
