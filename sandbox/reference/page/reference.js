"use strict";

const place = document.getElementById("reference");

SwaggerUIBundle({
  domNode: place,
  urls: JSON.parse(place.dataset.descriptions),
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
  deepLinking: true,
  // The badge would send the address of the description to a server elsewhere.
  validatorUrl: null,
  // A browser that looks after credentials of its own asks for them in a dialog of its own
  // whenever a call answers 401. What the call answers is to be seen instead.
  requestInterceptor: (request) => {
    request.credentials = "omit";
    return request;
  },
});
