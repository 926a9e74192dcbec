package scoring

import "strings"

// registerWords say that a company is registered or seated somewhere; lawWords that a law or court governs; the others
// are weaker talk of a company. They are stems in folded text.
var (
	registerWords = stems(`incorporated; registered here; registered on; registered under; are registered; is registered; was registered; formed under; brand of; trading name; trade name; place of incorporation; place of registration; merk van; handelsnaam; eine marke; marke der; marke von; marque de; une marque; marca de; бренд компании; торговая марка; 旗下品牌; registered in; registered at; registered office; registered address; registered by; registry; company register; company no; company number; reg. no; formed in; legal seat; legal address; legal entity; seat:; seat of; domiciled
 | ingeschreven; gevestigd; statutair; handelsregister; handelsnaam | firmensitz; sitz der; sitz in; sitz ist; sitz:; registriert in; eingetragen; ansässig; handelsregister | immatricul; enregistrée; enregistré; siège; domicilié
 | registrada; registrado; constituida; constituída; domicilio social; domicilio legal; sede en; sede em; sede:; sediada; razón social; razão social | zarejestrowan; siedzib | kayıtlı; merkezi; merkezimiz; tescil
 | зарегистрир; юридическ; юрлиц; юр. лиц; юр. адрес; зареєстр; юридичн; юрособ | 注册; 公司主体; 主体`)
	lawWords = stems(`laws of; law of; lei das; lei de; lei do; law applies; governed by; jurisdiction; courts of; courts at | gerichtsstand; es gilt das recht; recht von; recht der | recht van; rechtbank | droit applicable; le droit; tribunaux | ley aplicable; leyes de; jurisdicción; tribunales | lei aplicável; leis de; foro de | prawo; sąd właściwy | hukuku; mahkemeleri
 | юрисдикц; законодательств; право | законодавств | 法律; 管辖; 司法`)
	addressWords = stems(`po box; p.o. box; p. o. box; post office box; postal address; mailing address; post:; address: | postbus; postadres; | postfach; anschrift; adresse: | boîte postale | apartado; dirección: | endereço; caixa postal | skrytka | posta kutusu; adresimiz
 | а/я; абонентский ящик; адрес: | 地址; 邮箱信`)
	companyWords = stems(`company; corp; firm; offshore; paper; papers; flag; shell; office; entity; based in; headquarter | bedrijf; firma; kantoor; vennootschap | gesellschaft; büro; unternehmen | société; entreprise; pavillon; bureau; basée | empresa; sociedad; sociedade; oficina; escritório; compañía; companhia | spółka; biuro | şirket; ofis
 | компани; фирм; контор; офшор; офис; компані; фірм; офіс | 公司; 离岸`)
	// obliqueWords tell a seat without the words of a register: by post, plates, taxes, papers and headquarters.
	obliqueWords = stems(`brass plate; name plate; nameplate; letterbox; letter box; mailbox; mail drop; tax; taxes; taxed; answer to; authorities of; authorities in; operator:; operated from; run from; runs from; run out of; operating from; operates from; operating out of; operates out of; hq; headquarter; head office; home port; port of registry; legal home; home base; legally; on paper; paperwork; licens; licenc; established in; establishment; founded in; founded on; existing in; existing under; chartered; domicile; our agent; registered agent; legal letters; resident; residency; notary; registration:; country:; seat of our
 | brievenbus; naambord; belasting; opererend; opereren vanuit; vanuit; thuishaven; hoofdkantoor; juridisch; op papier; vergunning; opgericht; komen uit; registratie: | briefkasten; firmenschild; klingelschild; steuer; betreiber; betrieben aus; heimathafen; hauptsitz; rechtlich; auf dem papier; lizenz; gegründet; registrierung:
 | boîte aux lettres; plaque; impôt; exploitant; exploité depuis; opéré depuis; port d'attache; légalement; juridiquement; sur le papier; licence; fondée; enregistrement : | buzón; placa; impuesto; operador; operado desde; operamos desde; puerto base; legalmente; sobre el papel; en papel; licencia; fundada; registro:
 | caixa de correio; imposto; operamos a partir; no papel; licença; registo:; registro: | skrzynk; tabliczk; podatk; operator; centrala; papier; na papierze; prawnie; licencj; rejestracja: | tabela; posta kutusu; vergi; kâğıt; kağıt; lisans; yasal; resmi olarak; kayıt:
 | бумаг; табличк; вывеск; почтовый ящик; налог; оператор; штаб; головн; порт приписки; юридически; по документам; документы; лицензи; прописан; регистрация; резидент; числимся; из города; сидим в | папер; табличк; вивіск; податк; штаб; головн; юридично; за документами; ліцензі; прописан; реєстрація; резидент; з міста | 总部; 信箱; 牌照; 纳税; 法律上; 名义上; 运营主体; 所在地; 注册地`)
	// lawStems and courtStems name a law or court, dealStems what it governs: a contract or a quarrel.
	lawStems   = stems(`law; laws; recht; rechts; droit; ley; leyes; lei; leis; prawo; prawu; prawa; prawem; hukuk; kanun; право; права; правом; законодат; закон; 法律; 法`)
	courtStems = stems(`court; courts; rechter; rechtbank; gericht; tribunal; tribunaux; tribunais; tribunales; juzgado; sąd; sądem; mahkeme; суд; судом; суді; суде; 法院; 仲裁`)
	dealStems  = stems(`agreement; contract; these terms; terms of; conditions; subject to; dispute; governed; governs; applies; apply; only; order of a; orders of a; court order | overeenkomst; voorwaarden; geschil; toepassing; toepasselijk; uitsluitend; alleen | vertrag; bedingungen; es gilt; gilt; streit; ausschließlich; anwendbar | contrat; conditions; présentes; litige; soumis; régi; uniquement; seul
 | contrato; condiciones; rige; litigio; controversia; disputa; únicamente; solo | rege; condições; litígio | umow; podlega; regulamin; spor; wyłącznie | sözleşme; uyuşmazlık; tabi; yalnızca | договор; оферт; применя; спор; регулир; только | договір; застосов; спір; лише; тільки | 协议; 合同; 条款; 争议; 适用`)
)

// stems reads a list of stems parted by semicolons and bars.
func stems(list string) []string {
	var out []string
	for _, stem := range strings.FieldsFunc(list, func(r rune) bool { return r == ';' || r == '|' }) {
		if stem = strings.TrimSpace(foldText(stem)); stem != "" {
			out = append(out, stem)
		}
	}
	return out
}
