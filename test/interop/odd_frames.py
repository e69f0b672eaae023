"""Writes a pcap of frames that a network seldom has, to the file that is named."""

import sys
import struct,socket
def ck(b):
    if len(b)%2: b+=b'\0'
    s=sum(struct.unpack('!%dH'%(len(b)//2),b))
    while s>>16: s=(s&0xffff)+(s>>16)
    return ~s&0xffff
def ip(p,src,dst,pl,ttl=64,id=1,off=0,tos=0,opts=b''):
    ihl=5+len(opts)//4
    h=struct.pack('!BBHHHBBH4s4s',0x40|ihl,tos,ihl*4+len(pl),id,off,ttl,p,0,socket.inet_aton(src),socket.inet_aton(dst))+opts
    h=h[:10]+struct.pack('!H',ck(h))+h[12:]
    return h+pl
def udp(s,d,pl,src='10.0.0.1',dst='10.0.0.2'):
    u=struct.pack('!HHHH',s,d,8+len(pl),0)+pl
    ps=socket.inet_aton(src)+socket.inet_aton(dst)+struct.pack('!BBH',0,17,len(u))
    c=ck(ps+u)
    return u[:6]+struct.pack('!H',c)+u[8:]
def tcp(s,d,seq,ack,fl,pl=b'',opts=b'',win=502,urg=0,src='10.0.0.1',dst='10.0.0.2'):
    t=struct.pack('!HHIIBBHHH',s,d,seq,ack,(5+len(opts)//4)<<4,fl,win,0,urg)+opts+pl
    ps=socket.inet_aton(src)+socket.inet_aton(dst)+struct.pack('!BBH',0,6,len(t))
    return t[:16]+struct.pack('!H',ck(ps+t))+t[18:]
def icmp(t,c,rest,pl=b''):
    b=struct.pack('!BBH',t,c,0)+rest+pl
    return b[:2]+struct.pack('!H',ck(b))+b[4:]
def eth(ty,pl,dst=b'\2\0\0\0\0\2',src=b'\2\0\0\0\0\1'): 
    f=dst+src+struct.pack('!H',ty)+pl
    return f+b'\0'*max(0,60-len(f))
I=lambda p,pl,**k: eth(0x800,ip(p,'10.0.0.1','10.0.0.2',pl,**k))
R=lambda p,pl,**k: eth(0x800,ip(p,'10.0.0.2','10.0.0.1',pl,**k))
in_udp=ip(17,'10.0.0.1','10.0.0.2',udp(4000,5000,b'x'*5))
in_tcp=ip(6,'10.0.0.1','10.0.0.2',tcp(4000,5000,1,2,2))
def name(n): return b''.join(bytes([len(l)])+l.encode() for l in n.split('.') if l)+b'\0'
def dns(id,fl,q,an=[],ns=[],ar=[]):
    return struct.pack('!HHHHHH',id,fl,len(q),len(an),len(ns),len(ar))+b''.join(q+an+ns+ar)
Q=lambda n,t: name(n)+struct.pack('!HH',t,1)
RR=lambda n,t,d,ttl=300: name(n)+struct.pack('!HHIH',t,1,ttl,len(d))+d
OPT=b'\0'+struct.pack('!HHIH',41,1232,0,0)
frames=[
 eth(0x806,struct.pack('!HHBBH6s4s6s4s',1,0x800,6,4,1,b'\2\0\0\0\0\1',socket.inet_aton('10.0.0.1'),b'\0'*6,socket.inet_aton('10.0.0.2')),dst=b'\xff'*6),
 eth(0x806,struct.pack('!HHBBH6s4s6s4s',1,0x800,6,4,2,b'\2\0\0\0\0\2',socket.inet_aton('10.0.0.2'),b'\2\0\0\0\0\1',socket.inet_aton('10.0.0.1'))),
 I(1,icmp(8,0,struct.pack('!HH',7,1),b'a'*56)), R(1,icmp(0,0,struct.pack('!HH',7,1),b'a'*56)),
 R(1,icmp(3,3,b'\0'*4,in_udp)), R(1,icmp(3,3,b'\0'*4,in_tcp)), R(1,icmp(3,1,b'\0'*4,in_udp)),R(1,icmp(3,0,b'\0'*4,in_udp)),R(1,icmp(3,2,b'\0'*4,in_udp)),R(1,icmp(3,13,b'\0'*4,in_udp)),R(1,icmp(3,9,b'\0'*4,in_udp)),R(1,icmp(3,10,b'\0'*4,in_udp)),
 R(1,icmp(3,4,struct.pack('!HH',0,600),in_udp)), R(1,icmp(11,0,b'\0'*4,in_udp)), R(1,icmp(11,1,b'\0'*4,in_udp)), R(1,icmp(5,1,socket.inet_aton('10.0.0.9'),in_udp)), R(1,icmp(12,0,b'\x14\0\0\0',in_udp)), R(1,icmp(4,0,b'\0'*4,in_udp)), R(1,icmp(3,6,b'\0'*4,in_udp)),R(1,icmp(13,0,struct.pack('!HH',7,1)+b'\0'*12)),R(1,icmp(200,0,b'\0'*4)),
 I(17,udp(4000,5000,b'hello')), I(17,udp(4000,5000,b'')), I(17,udp(4000,5000,b'hello')[:6]+b'\0\0hello'), I(17,udp(4000,5000,b'hello')[:6]+b'\1\2hello'),
 I(17,udp(4000,53,dns(1,0x100,[Q('a.test',1)]))), I(17,udp(4000,53,dns(2,0x100,[Q('a.test',28)],ar=[OPT]))),
 R(17,udp(53,4000,dns(1,0x8580,[Q('a.test',1)],[RR('a.test',1,b'\1\2\3\4')]),'10.0.0.2','10.0.0.1')),
 R(17,udp(53,4000,dns(2,0x8183,[Q('a.test',28)],[],[RR('test',6,name('ns.test')+name('root.test')+struct.pack('!IIIII',1,2,3,4,5))],[OPT]),'10.0.0.2','10.0.0.1')),
 R(17,udp(53,4000,dns(3,0x8180,[Q('a.test',15)],[RR('a.test',15,struct.pack('!H',10)+name('mx.test')),RR('a.test',16,b'\3abc\2de'),RR('a.test',2,name('ns.test')),RR('a.test',12,name('p.test')),RR('a.test',33,struct.pack('!HHH',1,2,80)+name('s.test')),RR('a.test',28,b'\x20\x01'+b'\0'*13+b'\1')],[RR('test',2,name('ns.test'))],[RR('ns.test',1,b'\1\2\3\4'),OPT]),'10.0.0.2','10.0.0.1')),
 R(17,udp(53,4000,dns(4,0x8382,[Q('a.test',1)]),'10.0.0.2','10.0.0.1')), R(17,udp(53,4000,dns(5,0x8185,[Q('a.test',255)]),'10.0.0.2','10.0.0.1')),
 I(17,udp(4000,53,dns(6,0x0000,[Q('',2)]))),I(17,udp(4000,53,b'abc')),
 I(6,tcp(1000,2000,100,0,2,opts=b'\2\4\5\xb4\4\2\x08\x0a'+struct.pack('!II',1,0)+b'\1\3\3\7')), R(6,tcp(2000,1000,900,101,0x12,opts=b'\2\4\5\xb4',src='10.0.0.2',dst='10.0.0.1')),
 I(6,tcp(1000,2000,101,901,0x10)), I(6,tcp(1000,2000,101,901,0x18,b'x'*10)), R(6,tcp(2000,1000,901,111,0x10,opts=b'\1\1\5\x12'+struct.pack('!IIII',131,141,151,161),src='10.0.0.2',dst='10.0.0.1')),
 I(6,tcp(1000,2000,111,901,0x11)), I(6,tcp(1000,2000,112,901,0x14)), I(6,tcp(1000,2000,112,0,4)), I(6,tcp(1000,2000,112,901,0x30,b'u',urg=1)), I(6,tcp(1000,2000,1,1,0)), I(6,tcp(1000,2000,112,901,0xd0)),
 R(6,tcp(3000,1000,5000,6000,0x18,b'mid',src='10.0.0.2',dst='10.0.0.1')), R(6,tcp(3000,1000,5003,6000,0x18,b'mid',src='10.0.0.2',dst='10.0.0.1')), I(6,tcp(1000,3000,6000,5006,0x10)),
 I(6,tcp(1000,80,1,1,0x18,b'GET / HTTP/1.1\r\nHost: a\r\n\r\n')), R(6,tcp(80,1000,1,28,0x18,b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',src='10.0.0.2',dst='10.0.0.1')), R(6,tcp(80,1000,42,28,0x18,b'more data\r\n',src='10.0.0.2',dst='10.0.0.1')),
 I(6,tcp(1000,2000,1,1,0x10)[:16]+b'\1\2'+tcp(1000,2000,1,1,0x10)[18:]),
 I(6,tcp(4001,53,1,1,0x18,struct.pack('!H',24)+dns(1,0x100,[Q('a.test',1)]))),
 I(17,udp(4000,5000,b'x'*16),off=0x2000), I(17,b'x'*16,off=3), I(17,b'x'*16,off=0x2003), I(1,b'x'*16,off=3), I(6,b'x'*16,off=3), I(1,icmp(8,0,struct.pack('!HH',7,1),b'a'*16),off=0x2000),
 I(200,b'x'*20), I(17,udp(4000,5000,b'opt'),opts=b'\1\1\1\0',tos=0x10,ttl=3), I(17,udp(4000,5000,b'df'),off=0x4000,tos=3),I(6,tcp(1000,2000,1,1,0x10),tos=2),
 I(17,b'\0\1'), eth(0x800,b'\x45\0\0\x10'+b'\0'*30),I(6,b'abc'),
]
with open(sys.argv[1],'wb') as f:
    f.write(struct.pack('<IHHiIII',0xa1b2c3d4,2,4,0,0,262144,1))
    for i,x in enumerate(frames): f.write(struct.pack('<IIII',1767225600+i,i*1000,len(x),len(x))+x)
