package camt053

import "encoding/xml"

// The elements of the message that are written, in the order of its schema.

type document struct {
	XMLName xml.Name `xml:"Document"`
	Space   string   `xml:"xmlns,attr"`
	Body    struct {
		Header     header      `xml:"GrpHdr"`
		Statements []statement `xml:"Stmt"`
	} `xml:"BkToCstmrStmt"`
}

type header struct {
	ID        string `xml:"MsgId"`
	CreatedAt string `xml:"CreDtTm"`
}

type statement struct {
	ID        string `xml:"Id"`
	CreatedAt string `xml:"CreDtTm"`
	Period    struct {
		From string `xml:"FrDtTm"`
		To   string `xml:"ToDtTm"`
	} `xml:"FrToDt"`
	Account  account   `xml:"Acct"`
	Balances []balance `xml:"Bal"`
	Summary  *summary  `xml:"TxsSummry"`
	Entries  []entry   `xml:"Ntry"`
}

type account struct {
	ID       accountID `xml:"Id"`
	Currency string    `xml:"Ccy"`
	Name     string    `xml:"Nm,omitempty"`
	Owner    *party    `xml:"Ownr"`
	Servicer *servicer `xml:"Svcr"`
}

type accountID struct {
	Other struct {
		ID string `xml:"Id"`
	} `xml:"Othr"`
}

type party struct {
	Name string `xml:"Nm"`
}

type servicer struct {
	Institution institution `xml:"FinInstnId"`
}

type institution struct {
	Name string `xml:"Nm"`
}

type balance struct {
	Type struct {
		Code struct {
			Code string `xml:"Cd"`
		} `xml:"CdOrPrtry"`
	} `xml:"Tp"`
	Amount    amount `xml:"Amt"`
	Indicator string `xml:"CdtDbtInd"`
	On        date   `xml:"Dt"`
}

type amount struct {
	Currency string `xml:"Ccy,attr"`
	Value    string `xml:",chardata"`
}

type date struct {
	Date string `xml:"Dt"`
}

type summary struct {
	All struct {
		Count string `xml:"NbOfNtries"`
	} `xml:"TtlNtries"`
	Credits totals `xml:"TtlCdtNtries"`
	Debits  totals `xml:"TtlDbtNtries"`
}

type totals struct {
	Count string `xml:"NbOfNtries"`
	Sum   string `xml:"Sum"`
}

type entry struct {
	Reference string `xml:"NtryRef,omitempty"`
	Amount    amount `xml:"Amt"`
	Indicator string `xml:"CdtDbtInd"`
	Reversal  bool   `xml:"RvslInd,omitempty"`
	Status    struct {
		Code string `xml:"Cd"`
	} `xml:"Sts"`
	BookedOn    date   `xml:"BookgDt"`
	ValuedOn    date   `xml:"ValDt"`
	ServicerRef string `xml:"AcctSvcrRef,omitempty"`
	Code        struct {
		Domain struct {
			Code   string `xml:"Cd"`
			Family family `xml:"Fmly"`
		} `xml:"Domn"`
	} `xml:"BkTxCd"`
	Details struct {
		Transaction transaction `xml:"TxDtls"`
	} `xml:"NtryDtls"`
	Info string `xml:"AddtlNtryInf,omitempty"`
}

type family struct {
	Code      string `xml:"Cd"`
	SubFamily string `xml:"SubFmlyCd"`
}

type transaction struct {
	Refs       references  `xml:"Refs"`
	Amount     amount      `xml:"Amt"`
	Indicator  string      `xml:"CdtDbtInd"`
	Parties    *parties    `xml:"RltdPties"`
	Remittance *remittance `xml:"RmtInf"`
}

type references struct {
	ServicerRef string `xml:"AcctSvcrRef,omitempty"`
	EndToEnd    string `xml:"EndToEndId,omitempty"`
}

type parties struct {
	Debtor          *choice      `xml:"Dbtr"`
	DebtorAccount   *cashAccount `xml:"DbtrAcct"`
	Creditor        *choice      `xml:"Cdtr"`
	CreditorAccount *cashAccount `xml:"CdtrAcct"`
}

type choice struct {
	Party *party `xml:"Pty"`
}

type cashAccount struct {
	ID accountID `xml:"Id"`
}

type remittance struct {
	Text string `xml:"Ustrd"`
}
