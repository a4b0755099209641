package money

// The active currencies of ISO 4217 that have a minor unit, by alphabetic code.
// Source: ISO 4217 list one (SIX Interbank Clearing, maintenance agency), as in force in 2026: with the Caribbean
// guilder (XCG) and the Arab accounting dinar (XAD), without the kuna, the lev and the Antillean guilder.
const (
	AED Currency = iota + 1 // UAE Dirham
	AFN                     // Afghani
	ALL                     // Lek
	AMD                     // Armenian Dram
	AOA                     // Kwanza
	ARS                     // Argentine Peso
	AUD                     // Australian Dollar
	AWG                     // Aruban Florin
	AZN                     // Azerbaijan Manat
	BAM                     // Convertible Mark
	BBD                     // Barbados Dollar
	BDT                     // Taka
	BHD                     // Bahraini Dinar
	BIF                     // Burundi Franc
	BMD                     // Bermudian Dollar
	BND                     // Brunei Dollar
	BOB                     // Boliviano
	BOV                     // Mvdol
	BRL                     // Brazilian Real
	BSD                     // Bahamian Dollar
	BTN                     // Ngultrum
	BWP                     // Pula
	BYN                     // Belarusian Ruble
	BZD                     // Belize Dollar
	CAD                     // Canadian Dollar
	CDF                     // Congolese Franc
	CHE                     // WIR Euro
	CHF                     // Swiss Franc
	CHW                     // WIR Franc
	CLF                     // Unidad de Fomento
	CLP                     // Chilean Peso
	CNY                     // Yuan Renminbi
	COP                     // Colombian Peso
	COU                     // Unidad de Valor Real
	CRC                     // Costa Rican Colon
	CUP                     // Cuban Peso
	CVE                     // Cabo Verde Escudo
	CZK                     // Czech Koruna
	DJF                     // Djibouti Franc
	DKK                     // Danish Krone
	DOP                     // Dominican Peso
	DZD                     // Algerian Dinar
	EGP                     // Egyptian Pound
	ERN                     // Nakfa
	ETB                     // Ethiopian Birr
	EUR                     // Euro
	FJD                     // Fiji Dollar
	FKP                     // Falkland Islands Pound
	GBP                     // Pound Sterling
	GEL                     // Lari
	GHS                     // Ghana Cedi
	GIP                     // Gibraltar Pound
	GMD                     // Dalasi
	GNF                     // Guinean Franc
	GTQ                     // Quetzal
	GYD                     // Guyana Dollar
	HKD                     // Hong Kong Dollar
	HNL                     // Lempira
	HTG                     // Gourde
	HUF                     // Forint
	IDR                     // Rupiah
	ILS                     // New Israeli Sheqel
	INR                     // Indian Rupee
	IQD                     // Iraqi Dinar
	IRR                     // Iranian Rial
	ISK                     // Iceland Krona
	JMD                     // Jamaican Dollar
	JOD                     // Jordanian Dinar
	JPY                     // Yen
	KES                     // Kenyan Shilling
	KGS                     // Som
	KHR                     // Riel
	KMF                     // Comorian Franc
	KPW                     // North Korean Won
	KRW                     // Won
	KWD                     // Kuwaiti Dinar
	KYD                     // Cayman Islands Dollar
	KZT                     // Tenge
	LAK                     // Lao Kip
	LBP                     // Lebanese Pound
	LKR                     // Sri Lanka Rupee
	LRD                     // Liberian Dollar
	LSL                     // Loti
	LYD                     // Libyan Dinar
	MAD                     // Moroccan Dirham
	MDL                     // Moldovan Leu
	MGA                     // Malagasy Ariary
	MKD                     // Denar
	MMK                     // Kyat
	MNT                     // Tugrik
	MOP                     // Pataca
	MRU                     // Ouguiya
	MUR                     // Mauritius Rupee
	MVR                     // Rufiyaa
	MWK                     // Malawi Kwacha
	MXN                     // Mexican Peso
	MXV                     // Mexican Unidad de Inversion (UDI)
	MYR                     // Malaysian Ringgit
	MZN                     // Mozambique Metical
	NAD                     // Namibia Dollar
	NGN                     // Naira
	NIO                     // Cordoba Oro
	NOK                     // Norwegian Krone
	NPR                     // Nepalese Rupee
	NZD                     // New Zealand Dollar
	OMR                     // Rial Omani
	PAB                     // Balboa
	PEN                     // Sol
	PGK                     // Kina
	PHP                     // Philippine Peso
	PKR                     // Pakistan Rupee
	PLN                     // Zloty
	PYG                     // Guarani
	QAR                     // Qatari Rial
	RON                     // Romanian Leu
	RSD                     // Serbian Dinar
	RUB                     // Russian Ruble
	RWF                     // Rwanda Franc
	SAR                     // Saudi Riyal
	SBD                     // Solomon Islands Dollar
	SCR                     // Seychelles Rupee
	SDG                     // Sudanese Pound
	SEK                     // Swedish Krona
	SGD                     // Singapore Dollar
	SHP                     // Saint Helena Pound
	SLE                     // Leone
	SOS                     // Somali Shilling
	SRD                     // Surinam Dollar
	SSP                     // South Sudanese Pound
	STN                     // Dobra
	SVC                     // El Salvador Colon
	SYP                     // Syrian Pound
	SZL                     // Lilangeni
	THB                     // Baht
	TJS                     // Somoni
	TMT                     // Turkmenistan New Manat
	TND                     // Tunisian Dinar
	TOP                     // Pa’anga
	TRY                     // Turkish Lira
	TTD                     // Trinidad and Tobago Dollar
	TWD                     // New Taiwan Dollar
	TZS                     // Tanzanian Shilling
	UAH                     // Hryvnia
	UGX                     // Uganda Shilling
	USD                     // US Dollar
	USN                     // US Dollar (Next day)
	UYI                     // Uruguay Peso en Unidades Indexadas (UI)
	UYU                     // Peso Uruguayo
	UYW                     // Unidad Previsional
	UZS                     // Uzbekistan Sum
	VED                     // Bolívar Soberano
	VES                     // Bolívar Soberano
	VND                     // Dong
	VUV                     // Vatu
	WST                     // Tala
	XAD                     // Arab Accounting Dinar
	XAF                     // CFA Franc BEAC
	XCD                     // East Caribbean Dollar
	XCG                     // Caribbean Guilder
	XOF                     // CFA Franc BCEAO
	XPF                     // CFP Franc
	YER                     // Yemeni Rial
	ZAR                     // Rand
	ZMW                     // Zambian Kwacha
	ZWG                     // Zimbabwe Gold
)

// currencies is ISO 4217's table, in the order of the constants, which is that of the codes.
var currencies = [...]currency{
	AED: {"AED", "784", 2},
	AFN: {"AFN", "971", 2},
	ALL: {"ALL", "008", 2},
	AMD: {"AMD", "051", 2},
	AOA: {"AOA", "973", 2},
	ARS: {"ARS", "032", 2},
	AUD: {"AUD", "036", 2},
	AWG: {"AWG", "533", 2},
	AZN: {"AZN", "944", 2},
	BAM: {"BAM", "977", 2},
	BBD: {"BBD", "052", 2},
	BDT: {"BDT", "050", 2},
	BHD: {"BHD", "048", 3},
	BIF: {"BIF", "108", 0},
	BMD: {"BMD", "060", 2},
	BND: {"BND", "096", 2},
	BOB: {"BOB", "068", 2},
	BOV: {"BOV", "984", 2},
	BRL: {"BRL", "986", 2},
	BSD: {"BSD", "044", 2},
	BTN: {"BTN", "064", 2},
	BWP: {"BWP", "072", 2},
	BYN: {"BYN", "933", 2},
	BZD: {"BZD", "084", 2},
	CAD: {"CAD", "124", 2},
	CDF: {"CDF", "976", 2},
	CHE: {"CHE", "947", 2},
	CHF: {"CHF", "756", 2},
	CHW: {"CHW", "948", 2},
	CLF: {"CLF", "990", 4},
	CLP: {"CLP", "152", 0},
	CNY: {"CNY", "156", 2},
	COP: {"COP", "170", 2},
	COU: {"COU", "970", 2},
	CRC: {"CRC", "188", 2},
	CUP: {"CUP", "192", 2},
	CVE: {"CVE", "132", 2},
	CZK: {"CZK", "203", 2},
	DJF: {"DJF", "262", 0},
	DKK: {"DKK", "208", 2},
	DOP: {"DOP", "214", 2},
	DZD: {"DZD", "012", 2},
	EGP: {"EGP", "818", 2},
	ERN: {"ERN", "232", 2},
	ETB: {"ETB", "230", 2},
	EUR: {"EUR", "978", 2},
	FJD: {"FJD", "242", 2},
	FKP: {"FKP", "238", 2},
	GBP: {"GBP", "826", 2},
	GEL: {"GEL", "981", 2},
	GHS: {"GHS", "936", 2},
	GIP: {"GIP", "292", 2},
	GMD: {"GMD", "270", 2},
	GNF: {"GNF", "324", 0},
	GTQ: {"GTQ", "320", 2},
	GYD: {"GYD", "328", 2},
	HKD: {"HKD", "344", 2},
	HNL: {"HNL", "340", 2},
	HTG: {"HTG", "332", 2},
	HUF: {"HUF", "348", 2},
	IDR: {"IDR", "360", 2},
	ILS: {"ILS", "376", 2},
	INR: {"INR", "356", 2},
	IQD: {"IQD", "368", 3},
	IRR: {"IRR", "364", 2},
	ISK: {"ISK", "352", 0},
	JMD: {"JMD", "388", 2},
	JOD: {"JOD", "400", 3},
	JPY: {"JPY", "392", 0},
	KES: {"KES", "404", 2},
	KGS: {"KGS", "417", 2},
	KHR: {"KHR", "116", 2},
	KMF: {"KMF", "174", 0},
	KPW: {"KPW", "408", 2},
	KRW: {"KRW", "410", 0},
	KWD: {"KWD", "414", 3},
	KYD: {"KYD", "136", 2},
	KZT: {"KZT", "398", 2},
	LAK: {"LAK", "418", 2},
	LBP: {"LBP", "422", 2},
	LKR: {"LKR", "144", 2},
	LRD: {"LRD", "430", 2},
	LSL: {"LSL", "426", 2},
	LYD: {"LYD", "434", 3},
	MAD: {"MAD", "504", 2},
	MDL: {"MDL", "498", 2},
	MGA: {"MGA", "969", 2},
	MKD: {"MKD", "807", 2},
	MMK: {"MMK", "104", 2},
	MNT: {"MNT", "496", 2},
	MOP: {"MOP", "446", 2},
	MRU: {"MRU", "929", 2},
	MUR: {"MUR", "480", 2},
	MVR: {"MVR", "462", 2},
	MWK: {"MWK", "454", 2},
	MXN: {"MXN", "484", 2},
	MXV: {"MXV", "979", 2},
	MYR: {"MYR", "458", 2},
	MZN: {"MZN", "943", 2},
	NAD: {"NAD", "516", 2},
	NGN: {"NGN", "566", 2},
	NIO: {"NIO", "558", 2},
	NOK: {"NOK", "578", 2},
	NPR: {"NPR", "524", 2},
	NZD: {"NZD", "554", 2},
	OMR: {"OMR", "512", 3},
	PAB: {"PAB", "590", 2},
	PEN: {"PEN", "604", 2},
	PGK: {"PGK", "598", 2},
	PHP: {"PHP", "608", 2},
	PKR: {"PKR", "586", 2},
	PLN: {"PLN", "985", 2},
	PYG: {"PYG", "600", 0},
	QAR: {"QAR", "634", 2},
	RON: {"RON", "946", 2},
	RSD: {"RSD", "941", 2},
	RUB: {"RUB", "643", 2},
	RWF: {"RWF", "646", 0},
	SAR: {"SAR", "682", 2},
	SBD: {"SBD", "090", 2},
	SCR: {"SCR", "690", 2},
	SDG: {"SDG", "938", 2},
	SEK: {"SEK", "752", 2},
	SGD: {"SGD", "702", 2},
	SHP: {"SHP", "654", 2},
	SLE: {"SLE", "925", 2},
	SOS: {"SOS", "706", 2},
	SRD: {"SRD", "968", 2},
	SSP: {"SSP", "728", 2},
	STN: {"STN", "930", 2},
	SVC: {"SVC", "222", 2},
	SYP: {"SYP", "760", 2},
	SZL: {"SZL", "748", 2},
	THB: {"THB", "764", 2},
	TJS: {"TJS", "972", 2},
	TMT: {"TMT", "934", 2},
	TND: {"TND", "788", 3},
	TOP: {"TOP", "776", 2},
	TRY: {"TRY", "949", 2},
	TTD: {"TTD", "780", 2},
	TWD: {"TWD", "901", 2},
	TZS: {"TZS", "834", 2},
	UAH: {"UAH", "980", 2},
	UGX: {"UGX", "800", 0},
	USD: {"USD", "840", 2},
	USN: {"USN", "997", 2},
	UYI: {"UYI", "940", 0},
	UYU: {"UYU", "858", 2},
	UYW: {"UYW", "927", 4},
	UZS: {"UZS", "860", 2},
	VED: {"VED", "926", 2},
	VES: {"VES", "928", 2},
	VND: {"VND", "704", 0},
	VUV: {"VUV", "548", 0},
	WST: {"WST", "882", 2},
	XAD: {"XAD", "396", 2},
	XAF: {"XAF", "950", 0},
	XCD: {"XCD", "951", 2},
	XCG: {"XCG", "532", 2},
	XOF: {"XOF", "952", 0},
	XPF: {"XPF", "953", 0},
	YER: {"YER", "886", 2},
	ZAR: {"ZAR", "710", 2},
	ZMW: {"ZMW", "967", 2},
	ZWG: {"ZWG", "924", 2},
}
