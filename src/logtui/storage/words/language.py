"""Which letters stand after each other in words. Made by `data/make_triples.py`; see there."""

from __future__ import annotations

import base64

# 456 pairs, and 6,005 triples: 99.6% of those in the words they come from.
_PAIRS = "|Ns8)_j&Y@=h;TSRsa9~@8)~3pXX6myEp&;{%?dyP~GOif4|q;c^+-|dG-JA|3<!N6=4SaxBK<q@6~_5_y7OzXQX+s>F#kv5Cs4H4$P)`2m"
_TRIPLES = (
    "f`Cl!_j~=B=lyoONB_Tm@ArGWpXc#^zqkMXzGk<1^xNj)f4^V<{a)|)d2IgcV0ORv0002|_xrWq@6mt1XW#mdW~5oL-|ulm5CD~J"
    "5?rNu?EmX`L=Xf3002a!3E<!FHAtWY5or=o0Wk3I<0}9F00bcdL?%HH86{C<m<0d-P6k9m0000$WRL`VeICTNdGPJ-AOHXW5kLR{"
    "007X9U;sdf0{;L0LjXV!5d}d6ngIX1{sRC2000000RRF2{{8|006+i$KtvJ*5C9NF1WDxo?<PPH1ONa4L<B*w-|t~$um%7BP6Ge{"
    "000C41P}lf*bYDhK;ZxHcLWdw5C8x~ghBBC?>_(l1OXrb5C9<X@9!@F000C407N870096&WRgVw{~kvGKmY&$KtvD(P$3uqgi!Fm"
    "?>GPe01-d{0000G$sh;-008d04(#`PU6E(mW}a8>zJBiad$8Z<@qfS9|Ns7Pgh^1{=hc6|*Zcim@ArG{?(alQzh?jd0Q~p+z2EQE"
    "f4}Gd`mb;IdAQ%_aYPsdn`lz}w|VZ}=Vbs800000M4$=a|L<i)5Cjk*01yB$@Xzlr00005AOJ)rK>!dWK}3)Q-h56+<aq!906=6A"
    "1kq_6)V6u>jqe};000p{06+i%5C8-K0DuDj|NaL600001Ktvh@{=I%g06-8C1_1#80RR5}0ssI&00KZ{5(EGN5JUt?<^S(C000C4"
    "002Y=K@e5O0brU3yZ#OX000001ONa40ECEu1OOo5|Lb=I00f==o@Jm3;NRya2m%B#VG<AkAOL})000001t|hVBmocrAVFl16sKNJ"
    "L}Xb6002NFkOcYtUgh_BH43F50001xU<yG103d(>004jh{=fcj_jy&3Z^>q!SN{Ee=Jk7&on}>cxVN<lqGp6aP|@zif4|q;c^-fF"
    "dHuidV|Kr10002|_xttV@AZAZXaD*SY^3?J-{)aOnq)iZE==Zm=$7k401yNK000C40N|AC0{{R3000000RZ5NqXPf{00aO41ONa4"
    "002Nl5Cq0K4gdfE0000$1P}xO0RR970I;NQ0000006+i$0000$000000KWTv2LJ#N5hnov7y$aaE&>2R01yHI1pooNxb6S|08kJF"
    "L1YpH0Ra$11WCZ?uND9l00000L<T{y*XKiEngJW=1_J;95C8xG1ONaC00062An^b1|8AZK6=9xdq)GAr@BePTM^R}WQ~`7F@9!@F"
    "006gn9z`TU6d5H!WSA8H|9(gJdjkLfKxB{v+hrcz_IvQ}?>+zk01-d{0002+$nGcrh=TtA{zm{n0000$M4ABq|Na92K#&mzQ3VhK"
    "-~Rpr002OMCO||I1Q9_HMFmOV-|r?s5C8xG07M2skX7bUWts>7{~iMX0000400000(P$1vgdpJm?|%dk1P}oLM5GAt|L;Et00a?X"
    "5>y2-@c-{W0000NBnCtzK@brIQA7|#{{Q|5000C406;_#1W{ogREAsd|L-*b0005N00000(1l?@L=XgqJr3;md-a*_`FFb)@4g=F"
    "_Ir|*=J9{O_wK#EZ=_l9-{;|fzt7qE9#7YM?9S_EPQP~m008{=`?cNg(S5sjPACgzw|SV|=Tt-x01;>sM5Jlp{qJ``00aO400f{3"
    ";N9yY000C5AOH{mAn?uWHvj+t1OWm>BtZ}n1W{Cw6#o5=M+89t002N_5Cr>uUd6U~(CzLt0000GKmb4h0C0@p000OAhPyrh000mH"
    "1V8`)0L~~50000000000008Q^jsO4v5C8x`0000001!k3L12oj0ssI20000)06`ED1OWg500Bq>000000000000000000C4@c-}s"
    "e!o{8X`bxnS@r+#|9-xQQ~4fM0CVu~?<W8N0JV7@L?%EG002QmkOcq#{_pmC4gdf^WDo>UDIWZ{d-DJ9enbES5a0>{001z|%>V!Z"
    "0{;L0Ph?3D5hg%Hngsv<{>LOs5S1oD6)^_?|Na9208o);L}Zdwky#c+=SlJZ?{h@9M*si-L<UJT)#g!ezbF6y&O-zN5CH@L0001="
    "d<Fo3DDeO9|3s1m5n&QUqzUl<?{`eP1W{=cR0T8e@9!@F000$f5=16J5Sb-GWSCU{|Gr0LO9TJ_KxB{v|NVYP23hd$?;rpG01!d|"
    "Km<W>h$}!qiU$7wesA`9)RAV%Mw$ff|32^cdzF#q;Z>?5p13Y-gjrD8X2E~IN0E6R?6-OF|Lb>bzGt0%mj1VUv>)%mZM!D{002aU"
    "NdO7tAOrve0bl^^=Xv0->tz5C1ONa41b_hGpXLDo0000W01yBG@a^s|00004002ZLK?DE*K|~M)-u_Mi0000006;_#1koiP1h!c4"
    "p#)$+00000000000ssI200;p7svZRZ0RR91Kt!4V{=W_Y06-8C1^^KN0}ucL0000$fFeXh0ssL35<~<^;NR;8L;wH)002Y;0gy%J"
    "L2Q}_0RR93000001V8`)01*rVM4&hT!sP@20000000000fQjb<00000000000DyvP3IG5A0000G0000006;(hKrXoo00000002M$"
    "00000000005TT?1000000000000IaA00000?!I0u1Q`$!W<W-m6vn(hzyuJG1ttImpaTE^00000P=IE@f4^4|SOP?ZN#U;RQv@^x"
    "0002|w`&oR?m=z32gU#lL;!#g0R#X55C8xG00e*`=>O|s1ONa4000Dl0pP#u6951N5Fro{008i>>jwY;00963L?l4~5CB0$7zEDv"
    "4gvrG0000$BoG8pVH`xJS@5T8AOHXW06+jh001C>06;_#1O"
)

PAIRS = base64.b85decode(_PAIRS)
TRIPLES = base64.b85decode(_TRIPLES)
"""A bit for each pair and triple of letters, the lowest first; by number, the first letter counts least."""
