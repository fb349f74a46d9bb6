// Who may open which address; routes.test.ts tries them all.

/** A letter for each column: y may; - is told that there is no such page; > is led to the log-in page; 1 and 3 are a bare
 * 401 and 403, for programs. Ids in an address are those of Lina, of her top-up, of the school's own things. */
export const TABLE = `
                                                 bursar
                                                 |secretary
                                                 ||counter
                                                 |||kitchen
                                                 ||||auditor
                                                 |||||guardian of Lina, of another
                                                 |||||||Lina, another student
                                                 |||||||||visitor
GET  /health                                     yyyyyyyyyy
POST /office/terminals                           3333333333
GET  /events                                     yyy3yyyyy1
GET  /                                           yyyyyyyyyy
GET  /log-in                                     yyyyyyyyyy
POST /log-in                                     yyyyyyyyyy
GET  /log-in/code                                yyyyyyyyyy
POST /log-in/code                                yyyyyyyyyy
POST /log-in/passkey/challenge                   yyyyyyyyyy
POST /log-in/passkey                             yyyyyyyyyy
GET  /forgotten/password                         yyyyyyyyyy
GET  /forgotten/username                         yyyyyyyyyy
POST /recover                                    yyyyyyyyyy
GET  /first                                      yyyyyyyyyy
POST /first                                      yyyyyyyyyy
GET  /connect/:code                              ----------
POST /connect/:code                              ----------
POST /connect/:code/come-in                      ----------
POST /connect/:code/again                        yyyyyyyyyy
GET  /account                                    yyyyyyyyy>
POST /account/password                           yyyyyyyyy>
POST /account/sessions/end-others                yyyyyyyyy>
POST /account/sessions/:id/end                   --------->
POST /account/passkeys/challenge                 yyyyyyyyy>
POST /account/passkeys                           yyyyyyyyy>
POST /account/passkeys/:id/remove                --------->
GET  /account/second-factor                      yyyyyyyyy>
POST /account/second-factor                      yyyyyyyyy>
POST /account/second-factor/confirm              yyyyyyyyy>
POST /account/recovery-codes                     yyyyyyyyy>
GET  /people                                     yy------->
POST /people/invite                              yy------->
GET  /people/:id                                 yy------->
POST /people/:id/invite                          yy------->
POST /people/:id/letter                          yy------->
POST /people/:id/address                         yy------->
POST /people/:id/reset-factor                    y-------->
POST /outbox/again                               y-------->
POST /log-out                                    yyyyyyyyyy
POST /language                                   yyyyyyyyyy
GET  /heads                                      yyyyyyyyyy
GET  /privacy                                    yyyyyyyyyy
GET  /bursar                                     y---y---->
GET  /students                                   yy--y---->
GET  /students/:id                               yy--y---->
POST /students/:id/top-up                        y-------->
POST /students/:id/orders                        yy------->
POST /students/:id/orders/:order/cancel          yy------->
GET  /accounts                                   y---y---->
GET  /accounts/:id                               y---y---->
POST /accounts/:id/cover                         y-------->
GET  /accounts/:id/statements/:month             y---y---->
GET  /periods                                    y---y---->
POST /periods                                    y-------->
GET  /terminals                                  y---y---->
GET  /terminals/:id/epochs/:epoch/write-off      y-------->
POST /terminals/:id/epochs/:epoch/write-off      y-------->
GET  /outbox                                     y-------->
GET  /settings                                   y-------->
POST /settings/closing                           y-------->
POST /settings/keepers                           y-------->
POST /settings/keepers/remove                    y-------->
GET  /movements/:source/:counter                 yy--yy--->
GET  /movements/:source/:counter/receipt         yy--yy--->
POST /movements/:source/:counter/reverse         y-------->
POST /movements/:source/:counter/assign          y-------->
GET  /staff                                      y---y---->
POST /staff                                      y-------->
POST /staff/:id                                  y-------->
GET  /badges                                     y---y---->
POST /badges                                     y-------->
POST /badges/:uid/take                           y-------->
GET  /cards                                      yy--y---->
GET  /cards/:uid                                 yy--y---->
POST /cards/:uid                                 yy------->
POST /register/students/:id/cards                yy------->
GET  /children/:id/cards                         -----y--->
POST /children/:id/cards/:uid                    -----y--->
GET  /audit                                      yy--y---->
GET  /audit.csv                                  y---y---->
GET  /my-data                                    yyyyyyyyy>
GET  /students/:id/data                          y-------->
GET  /students/:id/erase                         y-------->
POST /students/:id/erase                         y-------->
GET  /people/:id/data                            y-------->
GET  /people/:id/erase                           y-------->
POST /people/:id/erase                           y-------->
GET  /kitchen                                    ---y----->
GET  /counter                                    --y------>
GET  /register                                   yy--y---->
GET  /register/new                               yy------->
POST /register/new                               yy------->
GET  /register/import                            yy------->
POST /register/import                            yy------->
GET  /register/import/example                    yy------->
GET  /register/import/:import                    --------->
POST /register/import/:import                    --------->
POST /register/import/:import/discard            --------->
GET  /register/promotion                         yy------->
POST /register/promotion                         yy------->
GET  /register/absences                          yy--y---->
POST /register/absences                          yy------->
POST /register/absences/remove                   yy------->
GET  /register/students/:id                      yy--y---->
POST /register/students/:id                      yy------->
POST /register/students/:id/guardians            yy------->
POST /register/students/:id/guardians/link       yy------->
POST /register/students/:id/guardians/:person    --------->
POST /register/students/:id/guardians/:person/remove yy------->
POST /register/students/:id/absences             yy------->
POST /register/students/:id/leaving              yy------->
POST /register/students/:id/balance              y-------->
GET  /me                                         -------yy>
GET  /children                                   -----yy-->
GET  /children/:id                               -----y--->
GET  /children/:id/data                          -----y--->
`;
